"""What `governance` must know of a value-back policy: how it is checked and how it reads aloud."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.governance.schemas import Document, Schema
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.valueback.rules import ValueBackPolicy, policy_sentences
from reciproca.valueback.rules.policy import KIND


class FundUnknown(DomainError):
    code = "policy-fund-unknown"
    message = _(
        "Questa politica nomina un fondo che non c’è: crealo prima, poi registra i criteri."
    )
    status = 422


def check(document: Document) -> ValueBackPolicy:
    """
    Return the policy that a document states, if every fund it names takes part.

    Raises: PolicyRefused or one of its kinds, FundUnknown.
    """
    policy = ValueBackPolicy.from_document(document)
    if registry.open_node_ids(_named(policy)) != _named(policy):
        raise FundUnknown
    return policy


def sentences(document: Document) -> Sequence[str]:
    """Return what a policy does, in plain words made from the document that runs."""
    policy = ValueBackPolicy.from_document(document)
    return policy_sentences(policy=policy, node_names=registry.names_of(_named(policy)))


SCHEMA = Schema(KIND, _("Ritorno sugli acquisti"), check, sentences)


def _named(policy: ValueBackPolicy) -> set[UUID]:
    return {node for node in (*policy.fund_ids, policy.expired_to_id) if node is not None}
