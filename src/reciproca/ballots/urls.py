"""Addresses of ballots."""

from django.urls import path

from reciproca.ballots import views

app_name = "ballots"

urlpatterns = [
    path("ballots/", views.ballots, name="list"),
    path("ballots/<uuid:ballot_id>/", views.ballot, name="ballot"),
    path("ballots/<uuid:ballot_id>/votes/", views.votes, name="votes"),
    path("ballots/<uuid:ballot_id>/roll/", views.roll, name="roll"),
    path("ballots/<uuid:ballot_id>/ballot.json", views.ballot_file, name="ballot_file"),
    path("ballots/<uuid:ballot_id>/votes.csv", views.votes_file, name="votes_file"),
]
