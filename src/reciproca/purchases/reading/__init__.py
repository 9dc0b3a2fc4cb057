"""Purchases out of files: what `imports` asks of a room that it does not know."""

from reciproca.purchases.reading.reader import PURCHASES

__all__ = ["PURCHASES"]
