import json

import pytest
from django.db import connection

from reciproca.shared.ids import fact_id
from reciproca.transparency import actions, queries
from reciproca.transparency.models import Checkpoint, Opening
from reciproca.transparency.rules import leaves
from reciproca.transparency.tests.log import NOON, SLUG, assert_whole, entries, record

pytestmark = pytest.mark.django_db

PERSON = "5b1f0f2e-0d5e-4c55-9a57-7d2a4c0be111"


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        return [name for (name,) in cursor.fetchall()]


def where(words: str) -> set[str]:
    """Return the tables in any column of which some words stand, as text or as bytes."""
    found = set()
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE %s OR t::text ILIKE %s',
                [f"%{words}%", f"%{words.encode().hex()}%"],
            )
            row = cursor.fetchone()
            if row and row[0]:
                found.add(table)
    return found


def test_what_is_erased_is_nowhere_any_more_and_the_root_stays() -> None:
    actions.open_log(slug=SLUG)
    fact = fact_id()
    actions.record([leaves.leaf(kind="T", id=fact, content={"owner": PERSON})])
    others = record(4)
    actions.sequence(at=NOON)
    [checkpoint] = Checkpoint.objects.all()
    salt = bytes(Opening.objects.get(pk=fact).salt)
    proof = queries.proof(others[0])
    assert where(PERSON) == {"transparency_opening"}
    assert where(salt.hex()) == {"transparency_opening"}

    assert actions.erase(facts=[fact], ground="gdpr-17", erased_at=NOON) == 1

    assert where(PERSON) == where(salt.hex()) == set()
    assert Checkpoint.objects.get().text == checkpoint.text
    assert queries.proof(others[0]) == proof
    assert queries.proof(fact) is None
    standing = queries.standing(fact)
    assert standing is not None
    assert (standing.erased, standing.published) == (True, True)


def test_an_erasure_is_told_by_a_leaf_that_names_the_entry_and_the_ground_alone() -> None:
    actions.open_log(slug=SLUG)
    facts = record(3)
    actions.sequence(at=NOON)
    before = entries()

    actions.erase(facts=facts[1:2], ground="gdpr-17", erased_at=NOON)
    actions.sequence(at=NOON)

    notice = Opening.objects.get(kind="E")
    told = json.loads(notice.payload)
    place = queries.standing(facts[1])
    assert place is not None
    assert told == {
        "v": 1,
        "kind": "E",
        "id": str(notice.fact),
        "index": place.index,
        "erased_on": "2026-06-02",
        "ground": "gdpr-17",
    }
    assert entries()[:3] == before
    assert_whole(facts=[*facts, notice.fact])


def test_erased_twice_is_told_once_and_what_never_was_is_refused() -> None:
    actions.open_log(slug=SLUG)
    facts = record(1)
    with pytest.raises(actions.NothingToErase):
        actions.erase(facts=facts, ground="gdpr-17", erased_at=NOON)
    actions.sequence(at=NOON)
    assert actions.erase(facts=facts, ground="gdpr-17", erased_at=NOON) == 1
    assert actions.erase(facts=facts, ground="gdpr-17", erased_at=NOON) == 0
    with pytest.raises(actions.NothingToErase):
        actions.erase(facts=[*facts, fact_id()], ground="gdpr-17", erased_at=NOON)
    assert Opening.objects.filter(kind="E").count() == 1
