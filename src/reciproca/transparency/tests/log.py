"""A log to test with, its leaves, and a reader that trusts nothing but entries."""

from datetime import UTC, datetime
from uuid import UUID

from reciproca.shared.ids import fact_id
from reciproca.transparency import actions
from reciproca.transparency.models import Bundle, Checkpoint, Leaf, Log
from reciproca.transparency.rules import leaves, merkle, notes

NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
SLUG = "valli"


def leaf(number: int = 1) -> leaves.Leaf:
    return leaves.leaf(kind="T", id=fact_id(), content={"amount": number})


def record(count: int) -> list[UUID]:
    """Record so many facts and return their ids."""
    made = [leaf(number) for number in range(count)]
    actions.record(made)
    return [each.id for each in made]


def entries() -> list[bytes]:
    """Return the published entries as their bundles hold them, in order."""
    found: list[bytes] = []
    for bundle in Bundle.objects.order_by("number"):
        joined = bytes(bundle.entries)
        found += [joined[at + 2 : at + 36] for at in range(0, len(joined), 36)]
    return found


def assert_whole(*, facts: list[UUID]) -> None:
    """Assert that the log holds each of these facts once, under heads signed as they stand."""
    log = Log.objects.get()
    places = list(Leaf.objects.order_by("index").values_list("index", "fact"))
    assert [index for index, _ in places] == list(range(len(facts)))
    assert sorted(fact for _, fact in places) == sorted(facts)
    hashes = [merkle.leaf_hash(each) for each in entries()]
    assert (log.size, bytes(log.root)) == (len(facts), merkle.root(hashes))
    for checkpoint in Checkpoint.objects.prefetch_related("signatures"):
        head = notes.Checkpoint(log.origin, checkpoint.size, merkle.root(hashes[: checkpoint.size]))
        assert checkpoint.text == head.text
        assert checkpoint.signatures.count() == 1, f"{checkpoint.size} is not signed once"
    assert log.published == log.size
