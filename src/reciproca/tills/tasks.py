"""What workers do for this room: send receipts."""

from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext, override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from reciproca.registry import queries as registry
from reciproca.tills import queries

MOST_ATTEMPTS = 5
WAIT_SECONDS = 60


@app.task(name="mail-receipt", retry=RetryStrategy(max_attempts=MOST_ATTEMPTS, wait=WAIT_SECONDS))
def mail_receipt(*, purchase_id: str) -> None:
    """Send a receipt to its buyer's verified address, in the buyer's language."""
    receipt = queries.receipt_of(purchase_id=UUID(purchase_id))
    buyer = receipt.sale.buyer_id
    address = registry.addresses_of([buyer]).get(buyer) if buyer else None
    if address is None:
        return
    with override(address.language):
        # Read again, so that the branches have their names in that language.
        receipt = queries.receipt_of(purchase_id=UUID(purchase_id))
        body = render_to_string("tills/receipt.txt", {"receipt": receipt})
        subject = gettext("La tua ricevuta")
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address.email])
