"""Addresses of the federation's own pages."""

from django.urls import path

from reciproca.control_room.views import verification, year

app_name = "control_room"

urlpatterns = [
    path("control/year/", year.latest, name="year"),
    path("control/year/<int:year>/", year.year_of, name="year_of"),
    path("control/year/<int:year>/closing/", year.closing, name="closing"),
    path("control/verify/", verification.verify, name="verify"),
    path("control/verify/running/", verification.verification, name="verification"),
]
