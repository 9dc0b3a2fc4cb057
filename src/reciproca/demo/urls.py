"""The demo's own door; every view of it answers 404 outside the demo."""

from django.urls import path

from reciproca.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.personas, name="personas"),
    path("demo/<slug:key>/session/", views.persona_session, name="persona_session"),
]
