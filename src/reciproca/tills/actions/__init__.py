"""What can be done with tills, at a device and at the desk."""

from reciproca.tills.actions.closing import close_day, close_day_at_desk
from reciproca.tills.actions.forgetting import forget_people
from reciproca.tills.actions.held import drop_held, record_held
from reciproca.tills.actions.operators import Unlocked, set_code, unlock
from reciproca.tills.actions.places import (
    PairedDevice,
    close_till,
    open_till,
    pair_device,
    rename_till,
    revoke_device,
)
from reciproca.tills.actions.receipts import mail_receipt
from reciproca.tills.actions.selling import (
    CardHere,
    QuoteHere,
    Sold,
    prove_by_pin,
    quote,
    refund,
    sell,
    show_card,
    show_member,
    undo,
)
from reciproca.tills.actions.syncing import Received, receive_sales

__all__ = [
    "CardHere",
    "PairedDevice",
    "QuoteHere",
    "Received",
    "Sold",
    "Unlocked",
    "close_day",
    "close_day_at_desk",
    "close_till",
    "drop_held",
    "forget_people",
    "mail_receipt",
    "open_till",
    "pair_device",
    "prove_by_pin",
    "quote",
    "receive_sales",
    "record_held",
    "refund",
    "rename_till",
    "revoke_device",
    "sell",
    "set_code",
    "show_card",
    "show_member",
    "undo",
    "unlock",
]
