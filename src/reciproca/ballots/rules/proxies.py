"""
Which proxies hold at an assembly, in the order in which they were handed in.

Source: docs/rules/majorities.md
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

HOLDER_ABSENT = "holder absent"
LIMIT_REACHED = "holder limit reached"
PRINCIPAL_PRESENT = "principal present"
PRINCIPAL_REPRESENTED = "principal already represented"
PRINCIPAL_WITHOUT_VOTE = "principal has no vote"


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who represents whom (holder by principal), and the principals refused, each with a reason."""

    holders: dict[str, str]
    refused: Sequence[tuple[str, str]]


def admitted(
    proxies: Iterable[tuple[str, str]],
    /,
    *,
    present: Collection[str],
    with_vote: Collection[str],
    most: int,
) -> Admitted:
    """
    Return which of these (holder, principal) hold; nobody represents more than `most` members.

    A proxy is given to a member who is there, by one who is not, and goes no further: who holds it
    cannot pass it on.
    """
    holders: dict[str, str] = {}
    refused: list[tuple[str, str]] = []
    held = Counter[str]()
    for holder, principal in proxies:
        reason = None
        if principal not in with_vote:
            reason = PRINCIPAL_WITHOUT_VOTE
        elif principal in present:
            reason = PRINCIPAL_PRESENT
        elif principal in holders:
            reason = PRINCIPAL_REPRESENTED
        elif holder not in present:
            reason = HOLDER_ABSENT
        elif held[holder] >= most:
            reason = LIMIT_REACHED
        if reason:
            refused.append((principal, reason))
        else:
            holders[principal] = holder
            held[holder] += 1
    return Admitted(holders, refused)
