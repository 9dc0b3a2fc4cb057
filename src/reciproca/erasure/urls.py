"""Addresses of an erasure: one's own, and a person's who asked on paper."""

from django.urls import path

from reciproca.erasure import views

app_name = "erasure"

urlpatterns = [
    path("profile/erasure/", views.own, name="own"),
    path("profile/erasure/credit/", views.own_credit, name="own_credit"),
    path("profile/erasure/confirmation/", views.own_confirmation, name="own_confirmation"),
    path("control/erasures/", views.erasures, name="list"),
    path("control/erasures/<uuid:person_id>/", views.person, name="person"),
    path("control/erasures/<uuid:person_id>/credit/", views.person_credit, name="person_credit"),
]
