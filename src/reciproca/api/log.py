"""Proofs over HTTP: that a fact of one's own is in the transparency log."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema, Status

from reciproca.control_room.transparency import may_see
from reciproca.purchases.api import Refusal, Request
from reciproca.shared.errors import DomainError
from reciproca.transparency import queries

router = Router(tags=["log"])


class FactUnknown(DomainError):
    code = "fact-unknown"
    message = _("Questo fatto non c’è: controlla il suo identificativo.")
    status = 404


class FactErased(DomainError):
    code = "fact-erased"
    message = _("Questo fatto è stato cancellato: la sua voce resta, ma non si può più aprire.")
    status = 410


class ProofOut(Schema):
    """
    A proof against the newest checkpoint with a quorum of witnesses.

    `file` is a `.tlog-proof` that holds all the rest; `payload` is what was committed to, with the
    `salt` in hexadecimal digits.
    """

    fact: UUID
    kind: str
    index: int
    file: str
    payload: str
    salt: str


class Pending(Schema):
    """Recorded, but not under a witnessed checkpoint yet: ask again in a few seconds."""

    fact: UUID
    state: str = "pending"


@router.get(
    "/log/proofs/{fact_id}",
    response={200: ProofOut, 202: Pending, 404: Refusal, 410: Refusal},
    url_name="log_proof",
)
def log_proof(request: Request, fact_id: UUID) -> Status[ProofOut | Pending]:
    """Prove that a purchase, run or policy of yours is in the transparency log."""
    if queries.standing(fact_id) is None or not may_see(fact=fact_id, node_id=request.auth.node_id):
        raise FactUnknown
    if queries.is_erased(fact_id):
        raise FactErased
    found = queries.proof(fact_id)
    if found is None:
        return Status(202, Pending(fact=fact_id))
    return Status(
        200,
        ProofOut(
            fact=fact_id,
            kind=found.kind,
            index=found.index,
            file=found.file,
            payload=found.payload,
            salt=found.salt.hex(),
        ),
    )
