"""Addresses of the registry's own pages."""

from django.urls import path

from reciproca.registry.views import joining, mandates, members, nodes, transfers

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
    path("keys/", mandates.keys, name="keys"),
    path("keys/<uuid:key_id>/revocation/", mandates.key_revocation, name="key_revocation"),
    path("organisation/", nodes.organisation, name="organisation"),
    path("organisation/<uuid:node_id>/", nodes.organisation, name="organisation_of"),
    path("organisations/new/", nodes.organisation_new, name="organisation_new"),
    path("funds/", nodes.nodes, name="nodes"),
    path("funds/new/", nodes.fund_new, name="fund_new"),
]
