"""
What a posting leaves in the transparency log: its transfers, in canonical JSON.

Written piece by piece, for a leaf is made with every sale: canonical JSON of whole numbers and of
words without marks is the names in order and nothing between. A test holds every byte against the
general way. Source: docs/log-for-engineers.md
"""

from collections.abc import Sequence
from datetime import UTC

from reciproca.ledger.rules import AccountKey, Posting
from reciproca.shared.ids import FACT_SIZE
from reciproca.transparency.rules.leaves import Leaf

DIGITS_OF_A_FACT = 4
"""The last digits of a fact's id are zero, and count its transfers."""

assert 16**DIGITS_OF_A_FACT == FACT_SIZE


def leaves_of(postings: Sequence[Posting], /) -> list[Leaf]:
    """
    Return postings as they are logged; those that move nothing leave nothing.

    Transfers have the ids that the ledger gives them. An account names its `party` where that is
    not its owner, and its `expires_on` where it has one.
    """
    # By the identity of each key's object, as in `post`: a batch names its sellers and funds over
    # and over with the same objects.
    accounts = {
        id(key): key
        for posting in postings
        for move in posting.moves
        for key in (move.debit, move.credit)
    }
    told = {identity: _account(key) for identity, key in accounts.items()}
    return [_leaf(posting, told) for posting in postings if posting.moves]


def _leaf(posting: Posting, told: dict[int, str]) -> Leaf:
    fact = str(posting.reference)
    stem = fact[:-DIGITS_OF_A_FACT]
    transfers = ",".join(
        [
            f'{{"amount":{amount},"code":"{code}","credit":{told[id(credit)]},'
            f'"debit":{told[id(debit)]},"id":"{stem}{number:04x}","unit":"{debit.unit}"}}'
            for number, (debit, credit, amount, code) in enumerate(posting.moves, start=1)
        ]
    )
    at = posting.happened_at.astimezone(UTC).isoformat(timespec="microseconds")[:-6]
    payload = f'{{"happened_at":"{at}Z","id":"{fact}","kind":"T","transfers":[{transfers}],"v":1}}'
    return Leaf("T", posting.reference, payload.encode())


def _account(key: AccountKey) -> str:
    # Two ids compare four times faster as numbers.
    party = f'"party":"{key.party}",' if key.party.int != key.owner.int else ""
    expires = f'"expires_on":"{key.expires_on}",' if key.expires_on else ""
    return f'{{{expires}"owner":"{key.owner}",{party}"purpose":"{key.purpose}"}}'
