"""Addresses of files that come in."""

from django.urls import path

from reciproca.web.importing import outcome, upload

app_name = "imports"

urlpatterns = [
    path("imports/", upload.imports_list, name="list"),
    path("imports/new/", upload.new, name="new"),
    path("imports/<uuid:import_id>/", outcome.import_page, name="import"),
    path("imports/<uuid:import_id>/columns/", upload.columns, name="columns"),
    path("imports/<uuid:import_id>/progress/", outcome.progress, name="progress"),
    path("imports/<uuid:import_id>/check/", outcome.check, name="check"),
    path("imports/<uuid:import_id>/recording/", outcome.recording, name="recording"),
    path("imports/<uuid:import_id>/removal/", outcome.removal, name="removal"),
    path("imports/<uuid:import_id>/result/", outcome.result, name="result"),
    path("imports/<uuid:import_id>/refused.csv", outcome.refused_rows, name="refused_rows"),
    path("imports/<uuid:import_id>/undo/", outcome.undo, name="undo"),
]
