"""Addresses of the federation's own pages."""

from django.urls import path

from reciproca.control_room.views import jobs, network, verification, year

app_name = "control_room"

urlpatterns = [
    path("control/", network.overview, name="overview"),
    path("control/network/", network.pair_list, name="network"),
    path("control/network/pairs.csv", network.pair_file, name="network_file"),
    path("control/network/cooperatives/", network.cooperatives, name="cooperatives"),
    path("control/network/<uuid:debtor_id>/<uuid:creditor_id>/", network.pair, name="network_pair"),
    path("control/jobs/", jobs.jobs, name="jobs"),
    path("control/jobs/<uuid:job_id>/", jobs.job, name="job"),
    path("control/jobs/<uuid:job_id>/resumption/", jobs.resumption, name="job_resumption"),
    path("control/year/", year.latest, name="year"),
    path("control/year/<int:year>/", year.year_of, name="year_of"),
    path("control/year/<int:year>/closing/", year.closing, name="closing"),
    path("control/verify/", verification.verify, name="verify"),
    path("control/verify/running/", verification.verification, name="verification"),
]
