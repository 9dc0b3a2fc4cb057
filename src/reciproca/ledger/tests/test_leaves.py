import json
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from reciproca.ledger import rules
from reciproca.ledger.leaves import leaves_of
from reciproca.ledger.rules import Move, Posting
from reciproca.shared.ids import fact_id, transfer_id
from reciproca.transparency.rules.leaves import canonical

NOON = datetime(2025, 6, 2, 14, tzinfo=timezone(timedelta(hours=2)))

Nodes = st.uuids()
Accounts = st.one_of(
    st.builds(lambda node: rules.issued(issuer=node), Nodes),
    st.builds(lambda node: rules.clearing(node=node), Nodes),
    st.builds(lambda one, other: rules.recovery(member=one, seller=other), Nodes, Nodes),
    st.builds(
        lambda one, other, day: rules.credit(member=one, issuer=other, expires_on=day),
        Nodes,
        Nodes,
        st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    ),
)
Moves = st.builds(
    Move, Accounts, Accounts, st.integers(1, 10**12), st.sampled_from(sorted(rules.CODES))
)
Postings = st.builds(
    Posting,
    st.builds(fact_id),
    st.datetimes(timezones=st.just(UTC)),
    st.lists(Moves, min_size=1, max_size=4),
)


@given(st.lists(Postings, max_size=4))
def test_the_quick_way_writes_every_byte_as_canonical_json_does(postings: list[Posting]) -> None:
    for posting, leaf in zip(postings, leaves_of(postings), strict=True):
        told = json.loads(leaf.payload)
        assert leaf.payload == canonical(told)
        assert (leaf.kind, leaf.id) == ("T", posting.reference)
        assert (told["v"], told["kind"], told["id"]) == (1, "T", str(posting.reference))
        assert datetime.fromisoformat(told["happened_at"]) == posting.happened_at
        assert len(told["transfers"]) == len(posting.moves)


def test_a_leaf_tells_accounts_amounts_and_the_ledgers_own_ids() -> None:
    ada, shop, fact = uuid4(), uuid4(), fact_id()
    lot = rules.credit(member=ada, issuer=shop, expires_on=date(2026, 12, 31))
    move = Move(rules.issued(issuer=shop), lot, 92, "value-back")

    [leaf] = leaves_of([Posting(fact, NOON, [move]), Posting(fact_id(), NOON, [])])

    assert json.loads(leaf.payload) == {
        "v": 1,
        "kind": "T",
        "id": str(fact),
        "happened_at": "2025-06-02T12:00:00.000000Z",
        "transfers": [
            {
                "id": str(transfer_id(fact=fact, number=1)),
                "amount": 92,
                "unit": "CRED",
                "code": "value-back",
                "debit": {"purpose": "issued", "owner": str(shop)},
                "credit": {
                    "purpose": "credit",
                    "owner": str(ada),
                    "party": str(shop),
                    "expires_on": "2026-12-31",
                },
            }
        ],
    }
