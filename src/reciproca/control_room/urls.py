"""Addresses of the federation's own pages."""

from django.urls import path

from reciproca.control_room.views import alerts, audit, jobs, network, verification, year

app_name = "control_room"

urlpatterns = [
    path("control/", network.overview, name="overview"),
    path("control/network/", network.pair_list, name="network"),
    path("control/network/cooperatives/", network.cooperatives, name="cooperatives"),
    path("control/network/<uuid:debtor_id>/<uuid:creditor_id>/", network.pair, name="network_pair"),
    path("control/alerts/", alerts.alert_list, name="alerts"),
    path("control/alerts/<uuid:alert_id>/", alerts.alert, name="alert"),
    path("control/alerts/<uuid:alert_id>/assignment/", alerts.assignment, name="alert_assignment"),
    path("control/alerts/<uuid:alert_id>/resolution/", alerts.resolution, name="alert_resolution"),
    path("control/alerts/<uuid:alert_id>/reopening/", alerts.reopening, name="alert_reopening"),
    path("control/audit/", audit.audit, name="audit"),
    path("control/jobs/", jobs.jobs, name="jobs"),
    path("control/jobs/<uuid:job_id>/", jobs.job, name="job"),
    path("control/jobs/<uuid:job_id>/resumption/", jobs.resumption, name="job_resumption"),
    path("control/year/", year.latest, name="year"),
    path("control/year/<int:year>/", year.year_of, name="year_of"),
    path("control/year/<int:year>/closing/", year.closing, name="closing"),
    path("control/verify/", verification.verify, name="verify"),
    path("control/verify/running/", verification.verification, name="verification"),
]
