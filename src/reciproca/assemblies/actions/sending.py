"""
Electors are told that they are called, and the proof of it is kept.

Source: docs/rules/assembly.md
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies import telling
from reciproca.assemblies.actions.common import locked
from reciproca.assemblies.models import Assembly, Elector, Sending, SendingWay
from reciproca.assemblies.queries.electors import people_behind
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.shared.progress import Progress, silent

AT_ONCE = 5_000


class SentInFuture(DomainError):
    code = "sent-in-future"
    message = _("Scrivi il giorno in cui è partito: non può essere dopo oggi.")
    status = 422


def tell_electors(
    *,
    assembly_id: UUID,
    told_by: UUID | None,
    told_at: datetime,
    progress: Progress = silent,
) -> int:
    """
    Tell whoever of a roll reads mail with us, some thousands in each transaction; return how many.

    Notice and proof are written together, so whoever begins anew after a stop tells only those who
    were not told. The others are told on paper (`record_sendings`).
    """
    roll = Elector.objects.filter(assembly=assembly_id).order_by("id")
    everybody, done, told, last = roll.count(), 0, 0, UUID(int=0)
    while some := list(roll.filter(pk__gt=last)[:AT_ONCE]):
        progress("notices", done, everybody)
        told += _tell(assembly_id, some, told_by, told_at)
        done, last = done + len(some), some[-1].pk
    return told


@transaction.atomic
def record_sendings(
    *,
    assembly_id: UUID,
    electors: Collection[UUID],
    way: str,
    reference: str,
    sent_on: date,
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> int:
    """
    Record that electors were sent the call otherwise: by letter, certified mail or by hand.

    Return how many. Raises: SentInFuture.
    """
    if sent_on > localdate(recorded_at):
        raise SentInFuture
    assembly = locked(assembly_id)
    chosen = assembly.electors.filter(pk__in=electors)
    noon = recorded_at.replace(
        year=sent_on.year, month=sent_on.month, day=sent_on.day, hour=12, minute=0, second=0
    )
    made = Sending.objects.bulk_create(
        Sending(
            elector=elector,
            way=SendingWay(way),
            reference=reference.strip(),
            sent_at=noon,
            recorded_by=recorded_by,
        )
        for elector in chosen
    )
    return len(made)


@transaction.atomic
def _tell(
    assembly_id: UUID, electors: Sequence[Elector], told_by: UUID | None, told_at: datetime
) -> int:
    assembly = Assembly.objects.select_related("body").get(pk=assembly_id)
    sent = Sending.objects.filter(elector__in=electors, way=SendingWay.NOTICE)
    known = set(sent.values_list("elector_id", flat=True))
    untold = [elector for elector in electors if elector.pk not in known]
    behind = people_behind(untold, on=localdate(told_at))
    reached = registry.addresses_of([person for people in behind.values() for person in people])
    people = {
        elector.pk: [person for person in behind[elector.pk] if person in reached]
        for elector in untold
    }
    telling.tell_called(
        assembly=assembly,
        people=[person for some in people.values() for person in some],
        told_at=told_at,
    )
    proofs = Sending.objects.bulk_create(
        Sending(elector=elector, way=SendingWay.NOTICE, sent_at=told_at, recorded_by=told_by)
        for elector in untold
        if people[elector.pk]
    )
    return len(proofs)
