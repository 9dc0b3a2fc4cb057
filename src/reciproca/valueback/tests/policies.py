"""A policy with honest defaults, and the nodes it names."""

from typing import Any
from uuid import UUID

from reciproca.valueback.rules import ValueBackPolicy

ADA = UUID(int=0xADA)
COMMON, TERRITORY, SOLIDARITY, EXPIRED, POOL = (UUID(int=0xF00 + i) for i in range(5))
FUNDS = {"common": COMMON, "territory": TERRITORY, "solidarity": SOLIDARITY}
NAMES = {"member": "A te", "common": "Fondo comune", "territory": "Territorio"}


def document(shares: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """Return a policy document; `shares` are by branch key, `changes` replace whole fields."""
    shares = shares or {"member": "2/5", "common": "3/10", "territory": "1/5", "solidarity": "1/10"}
    return {
        "kind": "value-back",
        "v": 1,
        "title": "Criteri 2026",
        "branches": [
            {
                "key": key,
                "name": {"it": NAMES.get(key, key), "en": key},
                "share": share,
                "node": str(FUNDS[key]) if key in FUNDS else None,
            }
            for key, share in shares.items()
        ],
        "member_part": "own",
        "pool": None,
        "expires_after_years": 1,
        "expired_to": str(EXPIRED),
        **changes,
    }


def policy(shares: dict[str, str] | None = None, **changes: Any) -> ValueBackPolicy:
    """Return the policy of such a document."""
    return ValueBackPolicy.from_document(document(shares, **changes))


def pooled(shares: dict[str, str] | None = None) -> ValueBackPolicy:
    """Return a policy whose member part waits in a pool."""
    return policy(shares, member_part="pooled", pool=str(POOL))
