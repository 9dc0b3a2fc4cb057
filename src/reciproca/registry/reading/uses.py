"""What has been done since with those whom a file brought in: it stands in the way of undoing."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Model, QuerySet, Sum
from django.db.models.fields.reverse_related import ManyToOneRel
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reciproca.ledger import rules as accounts
from reciproca.ledger.queries import balances_of, nodes_with_accounts
from reciproca.registry.actions.bulk import BROUGHT_IN
from reciproca.registry.models import (
    CapitalMovement,
    Card,
    CardPin,
    CardRefusal,
    CardShown,
    Claim,
    Mandate,
    Membership,
    MembershipEvent,
    Merge,
    Node,
    NodeChange,
    PhoneKey,
    User,
)

STEPS_OF_A_FILE = ["applied", "registered"]

GOES_ALONG = {(Card, "person"), (Membership, "member")}
"""What comes with somebody who is brought in; what has been done with it is looked at apart."""

STAYS_IN_THE_WAY = (NodeChange, Claim, Merge)
"""Done by somebody, though the database would let it go with its node."""

WORDS: dict[type[Model], str | Promise] = {
    User: _("accessi"),
    Mandate: _("incarichi"),
    Membership: _("altre iscrizioni"),
    MembershipEvent: _("passaggi nel libro soci"),
    CapitalMovement: _("movimenti di capitale"),
    NodeChange: _("schede corrette"),
    Card: _("usi della carta"),
}


def uses(*, import_id: UUID, nodes: QuerySet[Node]) -> dict[str | Promise, int]:
    """
    Return what has been done since with these nodes and with the register's lines of a file, each
    in the words of its room, and how many times.
    """
    found: Counter[str | Promise] = Counter()
    for word, count in (
        *_of_nodes(nodes),
        *_of_cards(nodes),
        *_of_lines(Membership.objects.filter(imported_by=import_id), nodes),
    ):
        if count:
            found[word] += count
    return dict(found)


def _of_nodes(nodes: QuerySet[Node]) -> Iterator[tuple[str | Promise, int]]:
    """Rooms above say themselves what must not vanish with a node: they protect it."""
    for relation in Node._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        model, name = relation.related_model, relation.field.name
        protects = relation.on_delete is models.PROTECT or model in STAYS_IN_THE_WAY
        if protects and (model, name) not in GOES_ALONG:
            yield _word(model), model._default_manager.filter(**{f"{name}__in": nodes}).count()
    holders = nodes_with_accounts(nodes.values_list("pk", flat=True), except_purpose="shares")
    yield _("conti"), len(holders)


def _of_cards(nodes: QuerySet[Node]) -> Iterator[tuple[str | Promise, int]]:
    cards = Card.objects.filter(person__in=nodes)
    yield WORDS[Card], cards.exclude(blocked_at=None).count()
    for model in (CardPin, PhoneKey, CardShown, CardRefusal):
        yield WORDS[Card], model._default_manager.filter(card__in=cards).count()


def _of_lines(
    lines: QuerySet[Membership], nodes: QuerySet[Node]
) -> Iterator[tuple[str | Promise, int]]:
    others = Membership.objects.filter(member__in=nodes).exclude(pk__in=lines.values("pk"))
    yield WORDS[Membership], others.count()
    steps = MembershipEvent.objects.filter(membership__in=lines)
    yield WORDS[MembershipEvent], steps.exclude(state__in=STEPS_OF_A_FILE).count()
    moved = CapitalMovement.objects.filter(membership__in=lines).exclude(key=BROUGHT_IN)
    yield WORDS[CapitalMovement], moved.count() + (0 if moved.exists() else _other_shares(lines))


def _other_shares(lines: QuerySet[Membership]) -> int:
    """Return how many hold shares that nobody paid in: refunds that became capital."""
    holders = set(lines.values_list("member_id", "cooperative_id"))
    people = [member for member, _cooperative in holders]
    paid = CapitalMovement.objects.filter(membership__member__in=lines.values("member"))
    by_holder = paid.values_list("membership__member", "membership__cooperative").annotate(
        cents=Sum("amount_cents")
    )
    paid_in = {(member, cooperative): cents for member, cooperative, cents in by_holder}
    held = balances_of(owners=people, purpose="shares")
    return sum(
        held.get(accounts.shares(member=member, cooperative=cooperative), 0)
        != paid_in.get((member, cooperative), 0)
        for member, cooperative in holders
    )


def _word(model: type[Model]) -> str | Promise:
    room = apps.get_app_config(model._meta.app_label)
    return WORDS.get(model) or room.verbose_name
