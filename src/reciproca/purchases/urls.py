"""Addresses of the pages about purchases."""

from django.urls import path

from reciproca.purchases.views import giving_back, listing, one

app_name = "purchases"

urlpatterns = [
    path("purchases/", listing.purchases, name="list"),
    path("purchases/<uuid:purchase_id>/", one.purchase, name="detail"),
    path("purchases/<uuid:purchase_id>/undo/", one.undo, name="undo"),
    path("purchases/<uuid:purchase_id>/refunds/", giving_back.refunds, name="refunds"),
    path("purchases/<uuid:purchase_id>/refunds/new/", giving_back.refund_new, name="refund_new"),
    path(
        "purchases/<uuid:purchase_id>/refunds/check/",
        giving_back.refund_check,
        name="refund_check",
    ),
]
