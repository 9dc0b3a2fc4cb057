"""Addresses of buying together."""

from django.urls import path

from reciproca.joint_buying import views

app_name = "joint_buying"

urlpatterns = [
    path("buying/pricelists/", views.price_lists, name="price_lists"),
    path("buying/pricelists/<uuid:supplier_id>/", views.price_list, name="price_list"),
    path("buying/pricelists/<uuid:supplier_id>.csv", views.price_list_csv, name="price_list_csv"),
    path(
        "buying/pricelists/<uuid:supplier_id>.json", views.price_list_gdxp, name="price_list_gdxp"
    ),
]
