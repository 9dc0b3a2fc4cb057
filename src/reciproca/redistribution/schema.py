"""What `governance` must know of such a policy: how it is checked and how it reads aloud."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.governance.schemas import Document, Schema
from reciproca.redistribution.rules import KIND, RedistributionPolicy
from reciproca.redistribution.rules.sentences import policy_sentences
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError


class PoolUnknown(DomainError):
    code = "redistribution-pool-unknown"
    message = _(
        "Questi criteri nominano un monte o un fondo che non c’è: crealo prima, poi scrivi i"
        " criteri."
    )
    status = 422


def check(document: Document) -> RedistributionPolicy:
    """
    Return the policy that a document states, if its pool and its fund take part.

    Raises: PolicyRefused or one of its kinds, PoolUnknown.
    """
    policy = RedistributionPolicy.from_document(document)
    if not (
        registry.open_node_ids([policy.pool_id], kind="pool")
        and registry.open_node_ids([policy.common_id], kind="fund")
    ):
        raise PoolUnknown
    return policy


def sentences(document: Document) -> Sequence[str]:
    """Return what a policy does, in plain words made from the document that runs."""
    policy = RedistributionPolicy.from_document(document)
    names: dict[UUID, str] = registry.names_of([policy.pool_id, policy.common_id])
    return policy_sentences(policy=policy, node_names=names)


SCHEMA = Schema(KIND, _("Riparto di un monte"), check, sentences)
