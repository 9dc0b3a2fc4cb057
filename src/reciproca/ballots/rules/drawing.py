"""
A draw that everybody can repeat: by `sha256(seed:option)`, the smallest first.

The seed's own SHA-256 is published before the first vote, the seed after the last one.

Source: docs/rules/majorities.md
"""

import hashlib
from collections.abc import Iterable


def seed_digest(seed: str, /) -> str:
    """Return what is published of a seed beforehand."""
    return hashlib.sha256(seed.encode()).hexdigest()


def drawn(options: Iterable[str], /, *, seed: str) -> list[str]:
    """Return options in the order of the draw."""
    return sorted(options, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).digest())
