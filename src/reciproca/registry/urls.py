"""Addresses of the registry's own pages."""

from django.urls import path

from reciproca.registry.views import (
    claims,
    doubles,
    invitations,
    joining,
    mandates,
    members,
    nodes,
    people_doubles,
    transfers,
)

app_name = "registry"

urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/new/", joining.applicants, name="applicants"),
    path("members/newcomers/", joining.newcomers, name="newcomers"),
    path("members/<uuid:membership_id>/", members.member, name="member"),
    path(
        "members/<uuid:membership_id>/capital/<slug:direction>/",
        members.member_capital,
        name="member_capital",
    ),
    path("members/<uuid:membership_id>/transfer/", transfers.transfer, name="transfer"),
    path("members/<uuid:membership_id>/<slug:step>/", members.member_step, name="member_step"),
    path(
        "cooperatives/<uuid:cooperative_id>/applications/",
        joining.application,
        name="application",
    ),
    path("mandates/", mandates.mandates, name="mandates"),
    path("mandates/of/<uuid:node_id>/", mandates.mandates, name="mandates_of"),
    path("mandates/<uuid:mandate_id>/end/", mandates.mandate_end, name="mandate_end"),
    path("mandates/of/<uuid:node_id>/invitations/", invitations.invitations, name="invitations"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path(
        "invitations/<uuid:invitation_id>/withdrawal/",
        invitations.withdrawal,
        name="invitation_withdrawal",
    ),
    path("keys/", mandates.keys, name="keys"),
    path("keys/<uuid:key_id>/revocation/", mandates.key_revocation, name="key_revocation"),
    path("organisation/", nodes.organisation, name="organisation"),
    path("organisation/<uuid:node_id>/", nodes.organisation, name="organisation_of"),
    path("organisations/new/", nodes.organisation_new, name="organisation_new"),
    path("doubles/", doubles.pairs, name="doubles"),
    path("doubles/<uuid:node_id>/<uuid:other_id>/", doubles.pair, name="double"),
    path(
        "doubles/<uuid:node_id>/<uuid:other_id>/distinction/",
        doubles.distinction,
        name="double_distinction",
    ),
    path("doubles/<uuid:node_id>/<uuid:other_id>/merge/", doubles.merge, name="double_merge"),
    path("merges/<uuid:merge_id>/undo/", doubles.merge_undo, name="merge_undo"),
    path("doubles/people/", people_doubles.pairs, name="people_doubles"),
    path(
        "doubles/people/<uuid:person_id>/<uuid:other_id>/",
        people_doubles.pair,
        name="people_double",
    ),
    path(
        "doubles/people/<uuid:person_id>/<uuid:other_id>/distinction/",
        people_doubles.distinction,
        name="people_distinction",
    ),
    path(
        "doubles/people/<uuid:person_id>/<uuid:other_id>/merge/",
        people_doubles.merge,
        name="people_merge",
    ),
    path(
        "merges/people/<uuid:merge_id>/undo/",
        people_doubles.merge_undo,
        name="people_merge_undo",
    ),
    path("claims/", claims.claims, name="claims"),
    path("claims/<uuid:claim_id>/decision/", claims.decision, name="claim_decision"),
    path("organisations/<uuid:node_id>/claims/", claims.claim, name="organisation_claims"),
    path("funds/", nodes.nodes, name="nodes"),
    path("funds/new/", nodes.fund_new, name="fund_new"),
]
