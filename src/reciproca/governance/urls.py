"""Addresses of policies."""

from django.urls import path, re_path

from reciproca.governance import views

app_name = "governance"

DIGEST = r"(?P<digest>[0-9a-f]{64})"

urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/proposals/", views.proposals, name="proposals"),
    path("policies/adoption/", views.adoption, name="adoption"),
    path("policies/minutes/<uuid:document_id>/", views.minutes, name="minutes"),
    re_path(rf"^policies/{DIGEST}/$", views.policy, name="policy"),
    re_path(rf"^policies/{DIGEST}/document\.json$", views.policy_document, name="policy_document"),
]
