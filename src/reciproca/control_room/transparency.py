"""The transparency log in the community's name: who opens it, and who may see what it proves."""

from uuid import UUID

from django.utils.text import slugify

from reciproca.ballots import queries as ballots
from reciproca.ledger import queries as ledger
from reciproca.purchases import queries as purchases
from reciproca.registry import queries as registry
from reciproca.transparency import actions, queries

OF_MEMBERS = {"credit", "recovery", "payable", "shares"}
"""Purposes of accounts that are one person's: only the two sides of such an account see them."""


def open_the_log() -> bool:
    """
    Open the log of the community, once there is a community; tell whether it is open.

    Raises: transparency.KeyMissing, transparency.KeyOfAnotherLog.
    """
    community = registry.community()
    if community is None:
        return False
    actions.open_log(slug=slugify(community.federation_name) or "community")
    return True


def may_see(*, fact: UUID, node_id: UUID) -> bool:
    """
    Tell whether a node, person or organisation, may see what a fact of the log says.

    An adopted policy is everybody's, and so are a ballot's opening and close, and the votes of a
    secret one, which are known by their codes alone once it is closed. An open vote is of its
    elector and of who cast it, the result of a run of the federation. A purchase is of who sold and
    who bought, any other posting of the parties of its accounts.
    """
    kind = queries.kind_of(fact)
    if kind in ("P", "V"):
        return True
    if kind == "B":
        parties = ballots.parties_of(fact)
        return parties is None or node_id in parties
    community = registry.community()
    if kind == "R":
        return community is not None and community.federation_id == node_id
    parties = purchases.parties_of(fact)
    return node_id in (_parties(fact) if parties is None else parties)


def _parties(fact: UUID) -> set[UUID]:
    entries = ledger.transfers_of(fact)
    keys = {key for entry in entries for key in (entry.debit, entry.credit)}
    personal = {key for key in keys if key.purpose in OF_MEMBERS}
    if personal:
        return {node for key in personal for node in (key.owner, key.party)}
    return {key.owner for key in keys}
