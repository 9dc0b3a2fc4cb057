"""Addresses of ballots; under `desk/` those of whoever helps people to vote."""

from django.urls import include, path

from reciproca.ballots.views import desk, voting

app_name = "ballots"

of_desk = [
    path("", desk.desk, name="desk"),
    path("assisted/<uuid:member_id>/", desk.assisted, name="assisted"),
    path("waiting/<uuid:assisted_id>/confirmation/", desk.confirmation, name="confirmation"),
    path("waiting/<uuid:assisted_id>/removal/", desk.removal, name="removal"),
    path("urn/<uuid:member_id>/", desk.urn_paper, name="urn_paper"),
    path("urn/<uuid:member_id>/removal/", desk.urn_paper_removal, name="urn_paper_removal"),
    path("papers/", desk.papers, name="papers"),
]

urlpatterns = [
    path("ballots/", voting.ballots, name="list"),
    path("ballots/<uuid:ballot_id>/", voting.ballot, name="ballot"),
    path("ballots/<uuid:ballot_id>/votes/", voting.votes, name="votes"),
    path("ballots/<uuid:ballot_id>/roll/", voting.roll, name="roll"),
    path("ballots/<uuid:ballot_id>/ballot.json", voting.ballot_file, name="ballot_file"),
    path("ballots/<uuid:ballot_id>/votes.csv", voting.votes_file, name="votes_file"),
    path("ballots/<uuid:ballot_id>/desk/", include(of_desk)),
]
