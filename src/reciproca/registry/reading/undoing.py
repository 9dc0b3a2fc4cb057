"""
Taking back what a list of cooperatives or a members' register brought in.

Whoever came in and nothing else knows is taken out. A line of a register stays, because its
history is never rewritten: it is annulled, gives up its number, and its share capital goes back. A
person who was only in such lines leaves an empty entry to which they point.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.db.models import QuerySet
from django.db.models.fields.reverse_related import ManyToOneRel
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.imports.refusals import UndoRefused
from reciproca.ledger.actions import post
from reciproca.registry.actions.capital import posting_of
from reciproca.registry.bulk import copy_rows
from reciproca.registry.models import (
    CapitalMovement,
    Card,
    Membership,
    MembershipEvent,
    Node,
    Organisation,
    Person,
)
from reciproca.registry.reading.provenance import brought_in
from reciproca.registry.reading.uses import uses
from reciproca.shared.ids import fact_id
from reciproca.shared.sentences import Counted, Names

TAKEN_BACK = "import-undone"
"""The key of the share capital that goes back because its file is undone."""

LONGEST_NOTE = 300


class NodesInUse(UndoRefused):
    code = "nodes-in-use"
    message = _(
        "Qualcosa che è entrato con questo file è già servito: %(uses)s. Perciò non è stato"
        " annullato niente: correggi voce per voce."
    )


class OriginUnknown(UndoRefused):
    code = "import-origin-unknown"
    message = _(
        "Di questo file, entrato con una versione più vecchia, non sappiamo più quali iscrizioni"
        " ha portato. Non è stato annullato niente: correggi voce per voce."
    )


@dataclass(frozen=True, slots=True)
class Undoing:
    """Which file is undone, why, by whom and when."""

    import_id: UUID
    reason: str
    recorded_by: UUID | None
    recorded_at: datetime


@transaction.atomic
def take_back(undoing: Undoing, /) -> None:
    """
    Take back the nodes of a file and the register's lines that came with it, all or nothing.

    Raises: NodesInUse, with what has been done since and how often; OriginUnknown.
    """
    nodes = brought_in(import_id=undoing.import_id)
    lines = Membership.objects.filter(imported_by=undoing.import_id)
    _hold(nodes, lines)
    if not nodes.exists() and not lines.exists():
        raise OriginUnknown
    if found := uses(import_id=undoing.import_id, nodes=nodes):
        raise NodesInUse(uses=Names(Counted(word, count) for word, count in found.items()))
    _give_capital_back(undoing, lines)
    _annul(undoing, lines)
    made = list(nodes.values_list("pk", flat=True))
    remembered = set(lines.filter(member__in=made).values_list("member", flat=True))
    Card.objects.filter(person__in=made).delete()
    _empty(sorted(remembered), undoing.recorded_at)
    Node.objects.filter(pk__in=[node for node in made if node not in remembered]).delete()


def _hold(nodes: QuerySet[Node], lines: QuerySet[Membership]) -> None:
    """Hold registers and whoever is taken out against those who would use them meanwhile."""
    registers = Node.objects.filter(pk__in=lines.values("cooperative"))
    for held in (registers, nodes):
        list(held.order_by("pk").select_for_update().values_list("pk", flat=True))
    list(lines.order_by("pk").select_for_update().values_list("pk", flat=True))


def _give_capital_back(undoing: Undoing, lines: QuerySet[Membership]) -> None:
    """Post the contrary of what the file said was paid in, on the day of undoing."""
    paid = CapitalMovement.objects.filter(membership__in=lines).select_related("membership")
    back = [
        CapitalMovement(
            id=fact_id(),
            membership=movement.membership,
            key=TAKEN_BACK,
            amount_cents=-movement.amount_cents,
            happened_on=localdate(undoing.recorded_at),
            recorded_by=undoing.recorded_by,
            recorded_at=undoing.recorded_at,
        )
        for movement in paid.order_by("id")
    ]
    CapitalMovement.objects.bulk_create(back, batch_size=2_000)
    post([posting_of(movement, movement.membership) for movement in back])


def _annul(undoing: Undoing, lines: QuerySet[Membership]) -> None:
    """Write the contrary line of each history, with the number that it had, and free the number."""
    today = localdate(undoing.recorded_at)
    rows = lines.order_by("number").values_list("pk", "number")
    copy_rows(
        model=MembershipEvent,
        fields=("membership_id", "state", "happened_on", "note", "recorded_by", "recorded_at"),
        rows=[
            (
                line,
                "annulled",
                today,
                f"n. {number}: {undoing.reason}"[:LONGEST_NOTE],
                undoing.recorded_by,
                undoing.recorded_at,
            )
            for line, number in rows
        ],
    )
    lines.update(state="annulled", number=None, registered_on=None, left_on=today)


def _empty(people: Sequence[UUID], at: datetime) -> None:
    """Leave nothing of these people but what an annulled line points to."""
    for relation in Node._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.on_delete is not models.CASCADE:
            continue
        if relation.related_model not in (Person, Organisation):
            rows = relation.related_model._default_manager
            rows.filter(**{f"{relation.field.name}__in": people}).delete()
    Person.objects.filter(node__in=people).update(
        first_name="", last_name="", tax_code="", born_on=None, email="", phone=""
    )
    Node.objects.filter(pk__in=people).update(
        name="", address="", iban="", account_name="", municipality=None, closed_at=at
    )
