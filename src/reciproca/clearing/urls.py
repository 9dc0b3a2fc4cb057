"""Addresses of netting and settlement."""

from django.urls import path

from reciproca.clearing import views

app_name = "clearing"

urlpatterns = [
    path("clearing/", views.overview, name="list"),
    path("clearing/runs/", views.runs, name="runs"),
    path("clearing/runs/<uuid:run_id>/", views.run, name="run"),
    path("clearing/runs/<uuid:run_id>/obligations/", views.obligations, name="obligations"),
    path("clearing/runs/<uuid:run_id>/files/", views.bank_files, name="bank_files"),
    path(
        "clearing/runs/<uuid:run_id>/files/<uuid:debtor_id>.xml", views.bank_file, name="bank_file"
    ),
    path("clearing/settlement/", views.settlement, name="settlement"),
    path("clearing/set-offs/", views.set_offs, name="set_offs"),
    path("clearing/set-offs/<uuid:proposal_id>/", views.set_off, name="set_off"),
    path(
        "clearing/set-offs/<uuid:proposal_id>/closing/",
        views.set_off_closing,
        name="set_off_closing",
    ),
    path(
        "clearing/set-offs/<uuid:proposal_id>/withdrawal/",
        views.set_off_withdrawal,
        name="set_off_withdrawal",
    ),
    path("clearing/set-offs/<uuid:proposal_id>/own/", views.set_off_own, name="set_off_own"),
    path(
        "clearing/set-offs/<uuid:proposal_id>/parties/<uuid:node_id>/",
        views.set_off_party,
        name="set_off_party",
    ),
    path("clearing/obligations/<uuid:obligation_id>/", views.obligation, name="obligation"),
]
