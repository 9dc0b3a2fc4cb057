"""Every address of the house."""

from django.urls import include, path

from reciproca.api.app import api
from reciproca.web.health import healthz

urlpatterns = [
    path("api/v1/", api.urls),
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
