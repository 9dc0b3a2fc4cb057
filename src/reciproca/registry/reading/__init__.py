"""Cooperatives and members out of files: what `imports` asks of a room that it does not know."""

from reciproca.registry.reading.cooperatives import COOPERATIVES
from reciproca.registry.reading.members import MEMBERS

__all__ = ["COOPERATIVES", "MEMBERS"]
