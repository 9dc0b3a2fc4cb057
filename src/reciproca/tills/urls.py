"""Addresses of devices at tills, and of the desk's pages about them."""

from django.urls import path

from reciproca.tills.views import device, held, places
from reciproca.tills.views.gate import by_method

app_name = "tills"

urlpatterns = [
    path("till/", device.till, name="till"),
    path("till/pairing/", device.pairing, name="pairing"),
    path("till/code/", device.code, name="code"),
    path("till/state/", device.state, name="state"),
    path("till/unlock/", device.unlock, name="unlock"),
    path("till/card/", device.card, name="card"),
    path("till/pin/", device.pin, name="pin"),
    path("till/quote/", device.quote, name="quote"),
    path("till/sales/", by_method(GET=device.sales_today, POST=device.sale_new), name="sales"),
    path("till/sales/<uuid:purchase_id>/", device.sale, name="sale"),
    path("till/sales/<uuid:purchase_id>/undo/", device.undo, name="undo"),
    path("till/sales/<uuid:purchase_id>/refunds/", device.refunds, name="refunds"),
    path("till/sales/<uuid:purchase_id>/receipt/", device.receipt, name="receipt"),
    path("till/sales/<uuid:purchase_id>/mail/", device.mail, name="mail"),
    path("till/search/", device.search, name="search"),
    path("till/sync/", device.sync, name="sync"),
    path("till/closing/", device.closing, name="closing"),
    path("tills/", places.tills, name="tills"),
    path("tills/closings/", places.closings, name="closings"),
    path("tills/closings/<uuid:closing_id>/", places.closing_page, name="closing_page"),
    path("tills/operators/<uuid:person_id>/", places.operator, name="operator"),
    path(
        "tills/devices/<uuid:device_id>/revocation/",
        places.device_revocation,
        name="device_revocation",
    ),
    path("tills/held/", held.held_sales, name="held_sales"),
    path("tills/held/<uuid:held_id>/", held.held_sale, name="held_sale"),
    path("tills/held/<uuid:held_id>/recording/", held.recording, name="recording"),
    path("tills/held/<uuid:held_id>/dropping/", held.dropping, name="dropping"),
    path("tills/<uuid:till_id>/", places.till_page, name="till_page"),
    path("tills/<uuid:till_id>/name/", places.name, name="name"),
    path("tills/<uuid:till_id>/devices/", places.devices, name="devices"),
    path("tills/<uuid:till_id>/closings/", places.desk_closings, name="desk_closings"),
    path("tills/<uuid:till_id>/ending/", places.ending, name="ending"),
]
