"""Addresses of calls and projects."""

from django.urls import path

from reciproca.projects import views

app_name = "projects"

urlpatterns = [
    path("projects/", views.calls, name="list"),
    path("projects/calls/new/", views.call_new, name="call_new"),
    path("projects/calls/<uuid:call_id>/", views.call, name="call"),
    path("projects/calls/<uuid:call_id>/proposal/", views.proposal, name="proposal"),
    path("projects/calls/<uuid:call_id>/voting/", views.voting, name="voting"),
    path("projects/calls/<uuid:call_id>/closing/", views.closing, name="closing"),
    path("projects/<uuid:project_id>/", views.project, name="project"),
    path("projects/<uuid:project_id>/assessment/", views.assessment, name="assessment"),
    path("projects/<uuid:project_id>/receipts/", views.receipts, name="receipts"),
    path("projects/<uuid:project_id>/reports/", views.reports, name="reports"),
    path("projects/receipts/<uuid:receipt_id>/tranche/", views.tranche, name="tranche"),
    path("projects/receipts/<uuid:receipt_id>.pdf", views.receipt_file, name="receipt_file"),
    path("projects/photos/<uuid:photo_id>.jpg", views.photo, name="photo"),
]
