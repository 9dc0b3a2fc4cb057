"""Sending a receipt to whoever bought."""

from datetime import datetime
from uuid import UUID

from reciproca.registry import queries as registry
from reciproca.tills import queries
from reciproca.tills.access import DeviceHere
from reciproca.tills.errors import NoAddress


def mail_receipt(*, device: DeviceHere, purchase_id: UUID, asked_at: datetime) -> None:
    """
    Send the receipt of a sale to its buyer's verified address, and to no other.

    A worker sends it, so that the till does not wait. Raises: SaleUnknown, NoAddress.
    """
    from reciproca.tills import tasks

    buyer = queries.one_sale(device=device, purchase_id=purchase_id, now=asked_at).buyer_id
    if buyer is None or not registry.addresses_of([buyer]):
        raise NoAddress
    tasks.mail_receipt.defer(purchase_id=str(purchase_id))
