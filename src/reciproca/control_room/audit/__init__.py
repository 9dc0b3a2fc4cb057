"""
Who did what, out of what every room notes beside its own facts: one list, the newest first.

Names of who acted and of organisations, counts and titles: never a member who is only concerned, a
purchase or a basket. A new kind is a line of `sources.SOURCES` and one of TITLES.
"""

from reciproca.control_room.audit.reading import Act, Asked, acts, all_acts
from reciproca.control_room.audit.sources import SOURCES, TITLES

__all__ = ["SOURCES", "TITLES", "Act", "Asked", "acts", "all_acts"]
