"""Addresses of redistributions."""

from django.urls import path

from reciproca.redistribution.views import objections, points, policies, runs, simulations

app_name = "redistribution"

urlpatterns = [
    path("redistribution/", runs.overview, name="list"),
    path("redistribution/runs/", runs.openings, name="runs"),
    path("redistribution/runs/<uuid:run_id>/", runs.run, name="run"),
    path("redistribution/runs/<uuid:run_id>/measurement/", runs.measurement, name="measurement"),
    path("redistribution/runs/<uuid:run_id>/approval/", runs.approval, name="approval"),
    path("redistribution/runs/<uuid:run_id>/payment/", runs.payment, name="payment"),
    path("redistribution/runs/<uuid:run_id>/withdrawal/", runs.withdrawal, name="withdrawal"),
    path("redistribution/runs/<uuid:run_id>/corrections/", runs.corrections, name="corrections"),
    path("redistribution/runs/<uuid:run_id>/mine/", objections.own_part, name="own_part"),
    path("redistribution/objections/<uuid:objection_id>/answer/", objections.answer, name="answer"),
    path("redistribution/policies/new/", policies.policy_new, name="policy_new"),
    path("redistribution/policies/reading/", policies.reading, name="reading"),
    path("redistribution/points/", points.points, name="points"),
    path("redistribution/simulations/", simulations.simulations, name="simulations"),
    path(
        "redistribution/simulations/<uuid:simulation_id>/",
        simulations.simulation,
        name="simulation",
    ),
    path(
        "redistribution/simulations/<uuid:simulation_id>/mine/",
        simulations.own_effect,
        name="own_effect",
    ),
]
