"""A motion with its versions beside each other, and what its ballots came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.utils.translation import gettext as _

from reciproca.assemblies.models import Assembly, Motion, MotionBallot, MotionText
from reciproca.assemblies.rules import Piece, side_by_side
from reciproca.ballots import queries as ballots
from reciproca.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Version:
    """
    A version of a motion's text beside the one it was written over.

    `state` is now (it is put to the vote), before, proposed, or late (another was accepted).
    """

    number: int
    text: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class VoteRow:
    """
    A ballot on a motion: `tally` pairs what could be chosen with its votes, once it is closed;
    `present_votes` are those of its close, before it those of its opening.

    `state` is open, passed, fell, void.
    """

    ballot_id: UUID
    opened_at: datetime
    closed_at: datetime | None
    in_advance: bool
    state: str
    void_because: str
    present_votes: int
    entitled_votes: int
    cast: int
    tally: Sequence[tuple[str, Fraction]]
    winners: Sequence[str]
    resolution_id: UUID | None


@dataclass(frozen=True, slots=True)
class MotionPage:
    """A motion, its versions (the latest first) and its ballots (the first first)."""

    motion: Motion
    assembly: Assembly
    text: str
    versions: Sequence[Version]
    candidates: Sequence[str]
    votes: Sequence[VoteRow]


def motion_run_by(*, motion_id: UUID, node_id: UUID | None) -> MotionPage | None:
    """Return a motion's page for the organisation whose body decides; eight SQL queries at most."""
    found = Motion.objects.filter(pk=motion_id, item__assembly__body__node=node_id)
    motion = found.select_related("item__assembly__body", "item__assembly__statute").first()
    return _page(motion) if motion else None


def votes_on(motions: Sequence[Motion], /) -> dict[UUID, list[VoteRow]]:
    """Return the ballots on motions, in their order, with what each came to."""
    rows: dict[UUID, list[VoteRow]] = {}
    made = MotionBallot.objects.filter(motion__in=motions).order_by("opened_at", "id")
    names = _names(motions)
    for vote in made:
        rows.setdefault(vote.motion_id, []).append(_vote(vote, names))
    return rows


def _page(motion: Motion) -> MotionPage:
    texts = list(motion.texts.order_by("number"))
    people = registry.names_of([text.proposed_for_id for text in texts if text.proposed_for_id])
    by_number = {text.number: text for text in texts}
    candidates = motion.candidates.order_by("person__name_key", "id")
    return MotionPage(
        motion=motion,
        assembly=motion.item.assembly,
        text=by_number[motion.text_number].text,
        versions=[_version(text, motion, by_number, people) for text in reversed(texts)],
        candidates=list(candidates.values_list("person__name", flat=True)),
        votes=votes_on([motion]).get(motion.id, []),
    )


def _version(
    text: MotionText,
    motion: Motion,
    by_number: Mapping[int, MotionText],
    people: Mapping[UUID, str],
) -> Version:
    before = "" if text.number == text.base else by_number[text.base].text
    return Version(
        number=text.number,
        text=text.text,
        reason=text.reason,
        proposed_by=people.get(text.proposed_for_id, "") if text.proposed_for_id else "",
        proposed_at=text.proposed_at,
        state=_standing(text, motion),
        pieces=side_by_side(before=before, after=text.text) if before else [],
    )


def _standing(text: MotionText, motion: Motion) -> str:
    if text.number == motion.text_number:
        return "now"
    if text.number < motion.text_number:
        return "before"
    return "proposed" if text.base == motion.text_number else "late"


def _vote(vote: MotionBallot, names: Mapping[str, str]) -> VoteRow:
    outcome = ballots.outcome(vote.ballot_id) if vote.closed_at and not vote.void_because else None
    state = "open" if vote.closed_at is None else "void" if vote.void_because else "fell"
    tally = outcome.tally if outcome else {}
    return VoteRow(
        ballot_id=vote.ballot_id,
        opened_at=vote.opened_at,
        closed_at=vote.closed_at,
        in_advance=vote.in_advance,
        state="passed" if outcome and outcome.passed else state,
        void_because=vote.void_because,
        present_votes=outcome.present if outcome else vote.present_votes,
        entitled_votes=outcome.entitled if outcome else vote.entitled_votes,
        cast=outcome.cast if outcome else 0,
        tally=[
            (names.get(option) or _word(option), tally[option])
            for option in sorted(tally, key=lambda each: (_PLACES.get(each, 0), -tally[each], each))
        ],
        winners=[
            names[winner] for winner in (outcome.winners if outcome else ()) if winner in names
        ],
        resolution_id=vote.resolution_id,
    )


_PLACES = {"yes": 1, "no": 2, "abstain": 3}
"""Where the words of a ballot paper stand; what has names comes first, by its votes."""


def _word(option: str) -> str:
    """Return what an option of a motion is called, in the language of this moment."""
    return {"yes": _("Sì"), "no": _("No"), "abstain": _("Astenuti")}.get(option, option)


def _names(motions: Sequence[Motion]) -> dict[str, str]:
    rows = Motion.objects.filter(pk__in=[motion.pk for motion in motions]).values_list(
        "candidates__person", "candidates__person__name"
    )
    return {str(person): name for person, name in rows if person}
