"""A funded project is paid against receipts, and tells what became of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reciproca.ledger import actions as ledger
from reciproca.ledger.rules import Move, Posting, clearing
from reciproca.projects import queries, telling
from reciproca.projects.actions.calls import ReasonMissing
from reciproca.projects.forms import PhotoIn
from reciproca.projects.models import Award, Photo, Receipt, Report, Tranche
from reciproca.shared.documents import keep_pdf
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import fact_id, uuid7
from reciproca.shared.locks import wait_for_turn
from reciproca.shared.money import format_cents
from reciproca.shared.photos import as_jpeg
from reciproca.valueback import queries as valueback

MOST_PHOTOS = 3


class AwardUnknown(DomainError):
    code = "award-unknown"
    message = _("Questo progetto non è fra quelli finanziati, o non è il tuo.")
    status = 404


class AlreadyDecided(DomainError):
    code = "receipt-decided"
    message = _("Su questa spesa è già stato deciso.")


class BeyondGrant(DomainError):
    code = "beyond-grant"
    message = _(
        "Al progetto restano %(left)s €, contando i doni già ricevuti: questa spesa li supera."
    )


class TooManyPhotos(DomainError):
    code = "too-many-photos"
    message = _("Scegli al massimo %(most)s foto.")
    status = 422


@transaction.atomic
def hand_in_receipt(
    *,
    project_id: UUID,
    proposer_id: UUID,
    key: UUID,
    what: str,
    amount_cents: int,
    document_name: str,
    document: bytes,
    handed_in_by: UUID | None,
    handed_in_at: datetime,
) -> Receipt:
    """
    Hand in an expense of a funded project with its PDF; sent again it is the same receipt.

    Raises: AwardUnknown, BeyondGrant, what `shared.documents.keep_pdf` raises.
    """
    award = _award(project_id, proposer_id)
    known = Receipt.objects.filter(award=award, key=key).first()
    if known is not None:
        return known
    _check_left(award, amount_cents)
    return Receipt.objects.create(
        id=uuid7(),
        award=award,
        key=key,
        what=what.strip(),
        amount_cents=amount_cents,
        document=keep_pdf(name=document_name, content=document, added_by=handed_in_by),
        handed_in_by=handed_in_by,
        recorded_at=handed_in_at,
    )


@transaction.atomic
def decide_receipt(
    *,
    receipt_id: UUID,
    accepted: bool,
    reason: str,
    decided_by: UUID | None,
    decided_at: datetime,
) -> Tranche:
    """
    Pay a receipt out of its fund, which then owes it to the project, or refuse it with the reason.

    Raises: AwardUnknown, AlreadyDecided, ReasonMissing, BeyondGrant.
    Source: docs/rules/projects.md
    """
    found = Receipt.objects.select_related("award__project__call").filter(id=receipt_id).first()
    if found is None:
        raise AwardUnknown
    award, call = found.award, found.award.project.call
    wait_for_turn(f"projects-{call.fund_id}")
    if Tranche.objects.filter(receipt=found).exists():
        raise AlreadyDecided
    if not accepted and not reason.strip():
        raise ReasonMissing
    if accepted:
        _check_left(award, found.amount_cents)
    tranche = Tranche.objects.create(
        id=fact_id(),
        receipt=found,
        amount_cents=found.amount_cents if accepted else 0,
        reason="" if accepted else reason.strip(),
        decided_by=decided_by,
        recorded_at=decided_at,
    )
    if accepted:
        fund, project = clearing(node=call.fund_id), clearing(node=award.node_id)
        move = Move(fund, project, tranche.amount_cents, "tranche")
        ledger.post([Posting(tranche.id, decided_at, [move])])
    telling.tell_decided(receipt=found, tranche=tranche, told_at=decided_at)
    return tranche


@transaction.atomic
def report(
    *,
    project_id: UUID,
    proposer_id: UUID,
    key: UUID,
    text: str,
    photos: Sequence[PhotoIn],
    reported_by: UUID | None,
    reported_at: datetime,
) -> Report:
    """
    Tell what became of a funded project, with photos made small and bare; once for a `key`.

    Raises: AwardUnknown, TooManyPhotos, photos.PhotoUnreadable, photos.PhotoTooLarge.
    """
    award = _award(project_id, proposer_id)
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    pictures = [(as_jpeg(photo.content), photo.alt.strip()) for photo in photos]
    made, is_new = Report.objects.get_or_create(
        award=award,
        key=key,
        defaults={
            "id": uuid7(),
            "text": text.strip(),
            "reported_by": reported_by,
            "recorded_at": reported_at,
        },
    )
    if is_new:
        Photo.objects.bulk_create(
            Photo(
                id=uuid7(),
                report=made,
                alt=alt,
                width=picture.width,
                height=picture.height,
                content=picture.content,
            )
            for picture, alt in pictures
        )
    return made


def _award(project_id: UUID, proposer_id: UUID) -> Award:
    award = Award.objects.filter(project=project_id, project__proposer=proposer_id).first()
    if award is None:
        raise AwardUnknown
    return award


def _check_left(award: Award, amount_cents: int) -> None:
    """A gift is money too: the fund pays what gifts have not."""
    given = valueback.given_to([award.node_id]).get(award.node_id)
    paid = queries.paid_cents(award=award)
    left = award.granted_cents - paid - (given.cents if given else 0)
    if not 0 < amount_cents <= left:
        raise BeyondGrant(left=format_cents(max(left, 0)))
