"""Every address of the house."""

from django.urls import include, path

from reciproca.web.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
]
