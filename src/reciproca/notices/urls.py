"""Addresses of what people are told."""

from django.urls import path

from reciproca.notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.notices, name="list"),
    path("notices/reading/", views.reading, name="reading"),
    path("notices/preferences/", views.preferences, name="preferences"),
]
