"""Addresses of the market."""

from django.urls import path

from reciproca.market.views import buying, moderating, ordering, selling, square

app_name = "market"

urlpatterns = [
    path("market/", square.square, name="square"),
    path("market/own/", selling.own, name="own"),
    path("market/own/new/", selling.offer_new, name="offer_new"),
    path("market/own/<uuid:offer_id>/", selling.offer_change, name="offer_change"),
    path("market/own/<uuid:offer_id>/end/", selling.offer_end, name="offer_end"),
    path("market/pickups/", selling.pickups, name="pickups"),
    path("market/pickups/<uuid:pickup_id>/closing/", selling.pickup_closing, name="pickup_closing"),
    path("market/cart/", buying.cart, name="cart"),
    path("market/cart/<uuid:offer_id>/", buying.cart_lines, name="cart_lines"),
    path("market/cart/confirmation/", buying.confirmation, name="confirmation"),
    path("market/orders/", buying.orders, name="orders"),
    path("market/board/", ordering.board, name="board"),
    path("market/orders/<uuid:order_id>/", ordering.order, name="order"),
    path("market/orders/<uuid:order_id>/readiness/", ordering.readiness, name="readiness"),
    path("market/orders/<uuid:order_id>/handover/", ordering.handover, name="handover"),
    path("market/orders/<uuid:order_id>/cancellation/", ordering.cancellation, name="cancellation"),
    path("market/orders/<uuid:order_id>/messages/", ordering.messages_about, name="messages"),
    path("market/complaints/", moderating.complaints, name="complaints"),
    path("market/complaints/<uuid:complaint_id>/", moderating.decision, name="decision"),
    path("market/offers/<uuid:offer_id>/", square.offer, name="offer"),
    path("market/offers/<uuid:offer_id>/photo.jpg", square.photo, name="photo"),
    path(
        "market/offers/<uuid:offer_id>/complaints/",
        moderating.complaints_about,
        name="complaints_about",
    ),
]
