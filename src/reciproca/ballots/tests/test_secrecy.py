"""After a closed secret ballot nothing that is kept joins a voter and a choice."""

import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.makers import NOON, Member, client_of, make_cast, make_member

from reciproca.ballots import actions
from reciproca.ballots.forms import Elector, UrnIn, VoteIn
from reciproca.ballots.models import Elector as Line
from reciproca.ballots.models import SecretVote
from reciproca.ballots.tests.world import close, fresh_codes, make_ballot, make_electors, vote
from reciproca.ballots.wiping import wipe
from reciproca.registry import actions as registry
from reciproca.transparency import actions as transparency
from reciproca.transparency.models import Leaf

pytestmark = pytest.mark.django_db(transaction=True)

VOTERS = 12


def every_row() -> Iterator[tuple[str, str, str, str]]:
    """Yield every row there is: its table, the transaction that wrote it, its place, its text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"SELECT xmin::text, ctid::text, t::text FROM {table} t")
            for written_by, place, text in cursor.fetchall():
                yield table, written_by, place, text


def plain(text: str) -> str:
    return text.replace("-", "").lower()


def place_of(table: str, key: str, value: UUID) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text FROM {table} WHERE {key} = %s", [value])
        return tuple(map(int, re.findall(r"\d+", cursor.fetchone()[0])))


def nothing_joins(voters: Sequence[Member], codes: set[str]) -> None:
    """Look at every row and every transaction for a voter together with a vote."""
    who = {each.id: {plain(str(each.id)), plain(str(each.user.pk))} for each in voters}
    told_by_transaction: dict[str, tuple[set[UUID], set[str]]] = defaultdict(lambda: (set(), set()))
    for table, written_by, _place, text in every_row():
        bare = plain(text)
        named = {person for person, names in who.items() if any(each in bare for each in names)}
        coded = {code for code in codes if code in bare}
        # One row: never both a voter and a vote.
        assert not (named and coded), table
        told_by_transaction[written_by][0].update(named)
        told_by_transaction[written_by][1].update(coded)
    # One transaction: votes only together with all votes and the whole roll.
    for named, coded in told_by_transaction.values():
        assert not coded or (coded == codes and len(named) in (0, len(voters)))


def test_no_row_no_transaction_no_order_and_no_line_joins_voter_and_choice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    transparency.open_log(slug="valli")
    voters = [make_member() for _ in range(VOTERS)]
    ballot = make_ballot([Elector(each.id) for each in voters], secret=True, closes_at=None)
    code_of: dict[UUID, UUID] = {}
    # To be heard is what a log is for: all of it, down to what debugging says.
    with caplog.at_level(logging.DEBUG):
        for number, each in enumerate(voters):
            client = client_of(each)
            page = client.get(f"/ballots/{ballot}/").content.decode()
            sent = dict(re.findall(r'name="(member|codes)" value="([^"]+)"', page))
            answer = client.post(
                f"/ballots/{ballot}/votes/", {**sent, "choice": ("yes", "no")[number % 2]}
            )
            assert answer.status_code == 200
            code_of[each.id] = UUID(sent["codes"])
        close(ballot, at=NOON)
        wipe()
        transparency.sequence(at=NOON)
    assert SecretVote.objects.count() == VOTERS

    codes = {code.hex for code in code_of.values()}
    nothing_joins(voters, codes)
    # Whatever the session remembers, and whatever was logged or queued, has no code in it.
    assert not any(
        code in plain(record.getMessage()) for record in caplog.records for code in codes
    )

    cast = list(code_of.items())
    orders: dict[str, list[Any]] = {
        "votes": [place_of("ballots_secretvote", "code", code) for _, code in cast],
        "roll": [place_of("ballots_elector", "member_id", person) for person, _ in cast],
        "openings": [place_of("transparency_opening", "fact", code) for _, code in cast],
        "leaves": [Leaf.objects.get(fact=code).index for _, code in cast],
        "lines": [Line.objects.get(member_id=person).id for person, _ in cast],
    }
    # Twelve in the order of voting, by chance: once in 479 million.
    for name, order in orders.items():
        assert order != sorted(order), name
    ranks = {name: [sorted(order).index(each) for each in order] for name, order in orders.items()}
    of_voters, of_votes = ("roll", "lines"), ("votes", "openings", "leaves")
    assert all(ranks[one] != ranks[other] for one in of_voters for other in of_votes)


def test_nothing_joins_them_either_where_votes_came_by_the_urn_and_the_desks_device() -> None:
    transparency.open_log(slug="valli")
    cooperative, pin = make_cast().lievito_id, "52817"
    voters = [make_member(member_of=cooperative) for _ in range(6)]
    electors = [Elector(each.id) for each in voters]
    ballot = make_ballot(electors, secret=True, body_id=cooperative)
    one, other, at_desk, *on_paper = voters
    vote(ballot, electors[0], "yes")
    registry.set_pin(person_id=at_desk.id, pin=pin, set_by=None, set_at=NOON)
    actions.assist_vote(
        vote=VoteIn(ballot, at_desk.id, "no", fresh_codes()),
        proof=pin,
        paper="",
        desk=registry.AtDesk(cooperative, one.id, None, NOON),
    )
    for each in on_paper:
        actions.put_in_urn(ballot_id=ballot, member_id=each.id, put_by=one.id, put_at=NOON)
    vote(ballot, electors[1], "no")
    for reader in (one, other):
        urn = UrnIn(ballot, {'"yes"': 2, '"no"': 1})
        actions.count_urn(urn=urn, entered_by=reader.id, entered_at=NOON)

    close(ballot)
    wipe()

    nothing_joins(voters, {code.hex for code in SecretVote.objects.values_list("code", flat=True)})


def on_disk(table: str) -> bytes:
    """Return a table's file as it lies on the disk."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath(%s))", [table])
        return bytes(cursor.fetchone()[0])


def test_nothing_of_overwritten_rows_is_left_in_the_tables_files() -> None:
    (elector,) = make_electors(1)
    ballot = make_ballot([elector], secret=True)
    [code] = fresh_codes()
    vote(ballot, elector, "yes", codes=[code])
    close(ballot)

    before = on_disk("ballots_secretvote").count(code.bytes)
    wipe()

    assert before == 2
    assert on_disk("ballots_secretvote").count(code.bytes) == 1
    assert Line.objects.count() == 1
