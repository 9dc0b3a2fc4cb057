"""
What everybody may have of a closed ballot: its rule with the outcome, and the list of its votes.

The votes stand in the order of their codes, which are random; nobody's name is in either file.
`reciproca ballots recount` counts them again.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from reciproca.ballots.models import Ballot, Closing, OpenVote, SecretVote
from reciproca.ballots.reading import options_of
from reciproca.ballots.rules.drawing import seed_digest
from reciproca.transparency.rules.leaves import canonical

COLUMNS = ("code", "choice", "financing")


def ballot_file(closing: Closing, /) -> bytes:
    """Return the rule of a ballot and what it came to, as canonical JSON."""
    ballot = closing.ballot
    rows = ballot.options.order_by("number")
    told: dict[str, Any] = {
        "v": 1,
        "ballot": str(ballot.id),
        "question": ballot.question,
        "method": ballot.method,
        "options": options_of(ballot),
        "titles": {each.key: each.title for each in rows},
        "costs_cents": {each.key: each.cost_cents for each in rows if each.cost_cents},
        "secret": ballot.secret,
        "majority": _majority(ballot),
        "quorum": {"share": ballot.quorum_share, "strict": ballot.quorum_strict},
        "seats": ballot.seats,
        "budget_cents": ballot.budget_cents,
        "utility": ballot.utility,
        "seed": ballot.seed,
        "seed_sha256": seed_digest(ballot.seed),
        "outcome": json.loads(closing.outcome),
    }
    return canonical(told)


def votes_file(closing: Closing, /) -> bytes:
    """
    Return the votes as CSV: code, choice as JSON, and 1 for those of financing members.

    Below the quorum, or of a ballot that was voided, there is nothing but the heading.
    """
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    if votes_are_told(closing):
        capped = json.loads(closing.outcome)["coefficient"] != "1"
        lines.writerows(_votes(closing.ballot, tell_financing=capped))
    return text.getvalue().encode()


def votes_are_told(closing: Closing, /) -> bool:
    """Tell whether the votes of a closed ballot are published: it reached its quorum, unvoided."""
    told = json.loads(closing.outcome)
    return told["quorum_reached"] and not told.get("void")


def _votes(ballot: Ballot, *, tell_financing: bool) -> Iterator[tuple[object, str, int]]:
    found: Iterable[tuple[UUID, str, bool]]
    if ballot.secret or hasattr(ballot, "forgotten"):
        secret = SecretVote.objects.filter(ballot=ballot).order_by("code")
        found = secret.values_list("code", "choice", "financing")
    else:
        cast = OpenVote.objects.filter(elector__ballot=ballot).order_by("code")
        found = cast.values_list("code", "choice", "elector__financing")
    for code, choice, financing in found:
        yield code, choice, int(financing and tell_financing)


def _majority(ballot: Ballot) -> dict[str, object] | None:
    if not ballot.majority_base:
        return None
    return {
        "base": ballot.majority_base,
        "share": ballot.majority_share,
        "strict": ballot.majority_strict,
    }
