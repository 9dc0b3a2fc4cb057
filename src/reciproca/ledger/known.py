"""
The accounts that this process has met: what an account is and its id never change.

Only accounts that were there before the transaction that asked are kept, so none that a rollback
takes away. Ids are never given twice (see `sql.IDS`): one that is gone, with a database put back to
an earlier state, is an unknown account and never somebody else's.
"""

from collections.abc import Mapping

from reciproca.ledger.rules import AccountKey

MOST_KEPT = 1 << 17
"""Some fifty megabytes; a large import meets that many."""

_ids: dict[AccountKey, int] = {}

account_id = _ids.get
"""Return the id of an account, None for one that was not met."""


def keep(ids: Mapping[AccountKey, int]) -> None:
    """Know these accounts from now on."""
    if len(_ids) + len(ids) > MOST_KEPT:
        _ids.clear()
    _ids.update(ids)


def forget() -> bool:
    """Forget every account; tell whether any was known."""
    knew = bool(_ids)
    _ids.clear()
    return knew
