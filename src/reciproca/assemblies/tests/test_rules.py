"""Terms, statutes within the law, who is represented, and texts side by side."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.assemblies.rules import (
    Electorate,
    Law,
    Mandate,
    NoticeTooShort,
    Refusal,
    SecondCallTooEarly,
    Stay,
    Voter,
    attendance,
    check_notice,
    check_statute,
    side_by_side,
    term_ends,
    votes_from,
    was_represented,
)
from reciproca.assemblies.rules import statute as refusals
from reciproca.assemblies.tests.world import STATUTE
from reciproca.shared.errors import DomainError

LAW = Law(notice_days=8, most_mandates=10, most_votes=5)


def test_the_first_day_is_not_counted() -> None:
    assert term_ends(start=date(2026, 1, 31), days=60) == date(2026, 4, 1)
    assert votes_from(registered_on=date(2026, 3, 1), waiting_days=90) == date(2026, 5, 30)


def test_a_notice_is_in_time_on_the_last_day_and_late_on_the_one_before() -> None:
    def check(first: date, second: date | None = None) -> None:
        check_notice(sent_on=date(2026, 4, 10), first_on=first, second_on=second, days=8)

    check(date(2026, 4, 18), date(2026, 4, 19))
    with pytest.raises(NoticeTooShort):
        check(date(2026, 4, 17))
    with pytest.raises(SecondCallTooEarly):
        check(date(2026, 4, 18), date(2026, 4, 18))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"source": " "}, refusals.SourceMissing),
        ({"first_quorum": Fraction(3, 2)}, refusals.QuorumOutOfRange),
        ({"first_quorum": Fraction(1)}, refusals.FirstQuorumWhole),
        ({"second_quorum": Fraction(2, 3)}, refusals.SecondQuorumAbove),
        ({"notice_days": 7}, refusals.NoticeBelowLaw),
        ({"most_mandates": 11}, refusals.MandatesAboveLaw),
        ({"most_votes": 6}, refusals.VotesAboveLaw),
        ({"remote": True}, refusals.RemoteGroundMissing),
        ({"electorate": Electorate.PEOPLE, "most_votes": 2}, refusals.OneHeadOneVote),
    ],
)
def test_a_statute_beyond_the_law_is_refused(
    changes: dict[str, Any], refusal: type[DomainError]
) -> None:
    check_statute(statute=STATUTE, law=LAW)
    with pytest.raises(refusal):
        check_statute(statute=replace(STATUTE, **changes), law=LAW)


def test_a_limited_company_may_allow_more_mandates() -> None:
    check_statute(statute=replace(STATUTE, joint_stock=False, most_mandates=11), law=LAW)


def test_a_mandate_counts_once_while_the_holder_is_there_and_the_giver_is_not() -> None:
    counted = attendance(
        roll=[Voter(each, 1) for each in "abcd"],
        present=["a", "b", "x"],
        mandates=[
            Mandate(holder="a", giver="b"),
            Mandate(holder="d", giver="c"),
            Mandate(holder="a", giver="c"),
            Mandate(holder="b", giver="c"),
            Mandate(holder="a", giver="y"),
        ],
        most_mandates=1,
    )
    assert counted.cast_by == {"a": "a", "b": "b", "c": "a"}
    assert [(each.giver, each.refusal) for each in counted.refused] == [
        ("b", Refusal.GIVER_PRESENT),
        ("c", Refusal.HOLDER_ABSENT),
        ("c", Refusal.ALREADY_REPRESENTED),
        ("y", Refusal.WITHOUT_VOTE),
    ]
    assert counted.without_vote == ["x"]


people = st.integers(0, 9)


@given(
    roll=st.dictionaries(people, st.tuples(st.integers(1, 5), st.booleans()), min_size=1),
    present=st.lists(people, unique=True),
    mandates=st.lists(st.tuples(people, people)),
    most=st.integers(0, 3),
)
def test_nobody_votes_twice_and_financing_members_never_pass_a_third(
    roll: dict[int, tuple[int, bool]],
    present: list[int],
    mandates: list[tuple[int, int]],
    most: int,
) -> None:
    counted = attendance(
        roll=[Voter(each, votes, financing) for each, (votes, financing) in roll.items()],
        present=present,
        mandates=[Mandate(*pair) for pair in mandates],
        most_mandates=most,
    )

    held = [caster for voter, caster in counted.cast_by.items() if voter != caster]
    assert all(held.count(caster) <= most for caster in held)
    # No chains: whoever casts is there for themselves.
    assert all(counted.cast_by[caster] == caster for caster in counted.cast_by.values())
    assert counted.votes <= counted.entitled == sum(votes for votes, _ in roll.values())
    financing = sum(
        (weight for voter, weight in counted.effective.items() if roll[voter][1]), Fraction()
    )
    ordinary = counted.effective_total - financing
    assert financing <= ordinary / 2


words = st.lists(st.sampled_from(["uno", "due", "tre", "quattro"]), max_size=6).map("\n".join)


@given(before=words, after=words)
def test_texts_side_by_side_lose_and_add_nothing(before: str, after: str) -> None:
    pieces = side_by_side(before=before, after=after)

    def column(part: Callable[[Any], str]) -> list[str]:
        return [text for piece in pieces if (text := part(piece))]

    assert column(lambda piece: piece.before) == before.split()
    assert column(lambda piece: piece.after) == after.split()


def hours(begins: int, ends: int | None = None) -> Stay:
    """Return a stay from an hour of one day to another hour of it."""
    return Stay(
        datetime(2025, 6, 21, begins, tzinfo=UTC),
        None if ends is None else datetime(2025, 6, 21, ends, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("given", "holder", "giver", "spoke"),
    [
        (hours(1), hours(9), [], True),
        # Taken back before the opening, or after a part of the meeting.
        (hours(1, 9), hours(9), [], False),
        (hours(1, 11), hours(9), [], True),
        # The giver was there from before the opening, and stayed; or went before the end.
        (hours(1), hours(9), [hours(9)], False),
        (hours(1), hours(9), [hours(9, 10), hours(10, 13)], False),
        (hours(1), hours(9), [hours(9, 11)], True),
        # The giver came late.
        (hours(1), hours(9), [hours(11)], True),
        # The holder left as the giver did, or came and went before the opening.
        (hours(1), hours(9, 11), [hours(9, 12)], False),
        (hours(1), hours(8, 9), [], False),
    ],
)
def test_a_proxy_spoke_for_its_giver_if_only_its_holder_was_there(
    given: Stay, holder: Stay, giver: list[Stay], spoke: bool
) -> None:
    meeting = hours(10, 12)

    assert was_represented(given=given, meeting=meeting, holder=holder, giver=giver) is spoke
