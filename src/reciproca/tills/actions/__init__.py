"""What can be done with tills, at a device and at the desk."""

from reciproca.tills.actions.operators import Unlocked, set_code, unlock
from reciproca.tills.actions.places import (
    PairedDevice,
    close_till,
    open_till,
    pair_device,
    rename_till,
    revoke_device,
)
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

__all__ = [
    "CardHere",
    "PairedDevice",
    "QuoteHere",
    "Sold",
    "Unlocked",
    "close_till",
    "open_till",
    "pair_device",
    "prove_by_pin",
    "quote",
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
