"""What must not be on the square: somebody says so, an officer decides, both read why."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reciproca.market import telling
from reciproca.market.errors import (
    AlreadyDecided,
    AnswerMissing,
    ComplaintEmpty,
    ComplaintUnknown,
    OfferUnknown,
)
from reciproca.market.models import Complaint, Offer
from reciproca.shared.ids import uuid7


@transaction.atomic
def complain(
    *, offer_id: UUID, key: UUID, text: str, made_by: UUID, made_at: datetime
) -> Complaint:
    """
    Say that an offer must not be there; the same `key` again is the first complaint.

    Raises: OfferUnknown, ComplaintEmpty.
    """
    if not text.strip():
        raise ComplaintEmpty
    if not Offer.objects.filter(id=offer_id, ended_at=None, hidden_at=None).exists():
        raise OfferUnknown
    made, _is_new = Complaint.objects.get_or_create(
        made_by_id=made_by,
        key=key,
        defaults={"id": uuid7(), "offer_id": offer_id, "text": text.strip(), "made_at": made_at},
    )
    return made


@transaction.atomic
def decide_complaint(
    *, complaint_id: UUID, hides: bool, answer: str, decided_by: UUID | None, decided_at: datetime
) -> Complaint:
    """
    Hide the offer or leave it, and tell whoever complained and whoever offers why.

    Raises: ComplaintUnknown, AlreadyDecided, AnswerMissing.
    """
    found = Complaint.objects.select_for_update().filter(id=complaint_id).first()
    if found is None:
        raise ComplaintUnknown
    if found.decided_at is not None:
        raise AlreadyDecided
    if not answer.strip():
        raise AnswerMissing
    found.hides, found.answer = hides, answer.strip()
    found.decided_by, found.decided_at = decided_by, decided_at
    found.save(update_fields=["hides", "answer", "decided_by", "decided_at"])
    offer = Offer.objects.select_for_update().get(id=found.offer_id)
    if hides and offer.hidden_at is None:
        offer.hidden_at, offer.hidden_because = decided_at, found.answer
        offer.save(update_fields=["hidden_at", "hidden_because"])
    telling.tell_decided(complaint=found, offer=offer, told_at=decided_at)
    return found
