"""
Sales that devices made without a network: recorded as often as they are sent, once each.

Nothing that arrives is dropped. What cannot be recorded as it came is held for a person, with the
reason; the sales beside it are recorded all the same. Source: docs/rules/till.md
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reciproca.purchases import actions as purchases
from reciproca.purchases.errors import KeyReused
from reciproca.purchases.forms import SaleIn
from reciproca.registry import actions as registry_actions
from reciproca.registry import queries as registry
from reciproca.registry.actions.card_proofs import CardIsBlocked, CardUnknown
from reciproca.shared.errors import DomainError
from reciproca.tills import queries
from reciproca.tills.access import DeviceHere
from reciproca.tills.actions.places import locked_till
from reciproca.tills.actions.selling import note_sales
from reciproca.tills.forms import OfflineSale, Sent, lines_in
from reciproca.tills.models import HeldSale
from reciproca.tills.rules import by_our_clock, check_age, purchase_key
from reciproca.tills.telling import tell_held


class SaleMalformed(DomainError):
    code = "sale-malformed"
    message = _(
        "Questa vendita non si legge per intero: chiedi a chi l’ha fatta, registrala alla cassa e"
        " scartala qui."
    )


class OperatorNeverHere(DomainError):
    code = "operator-never-here"
    message = _("Chi risulta alla cassa non ha mai avuto un incarico qui.")


@dataclass(frozen=True, slots=True)
class Received:
    """
    What became of a sale: `recorded` now, `known` from before, `held` for a person.

    `key` is what the device called it, None where that could not be read; `day_number` the day of
    its till that a recorded sale belongs to.
    """

    key: str | None
    state: str
    id: UUID | None = None
    code: str | None = None
    message: str | None = None
    day_number: int | None = None


class _Ready(NamedTuple):
    sent: Sent
    operator_id: UUID | None
    sale: SaleIn


def receive_sales(
    *, device: DeviceHere, device_time: datetime, sales: Sequence[Sent], received_at: datetime
) -> list[Received]:
    """
    Record what a device sold without a network, and return what became of each, in its order.

    Sales follow the policy of the moment in which they happened and spend no credit. Two sendings
    at once wait for each other.
    """
    answers: dict[int, Received] = {}
    with transaction.atomic():
        till = locked_till(till_id=device.till_id)
        counter = _Counter(device, till.day_number, device_time, received_at)
        # A key twice in one batch is answered the second time as if it had been sent again.
        waiting = list(enumerate(sales))
        while waiting:
            batch = {sent.key: place for place, sent in reversed(waiting)}
            now = [(place, sent) for place, sent in waiting if batch[sent.key] == place]
            waiting = [each for each in waiting if batch[each[1].key] != each[0]]
            for (place, _sent), answer in zip(
                now, counter.receive([sent for _place, sent in now]), strict=True
            ):
                answers[place] = answer
        if held := counter.newly_held:
            tell_held(
                organisation_id=device.organisation_id,
                till=till.name,
                count=held,
                told_at=received_at,
            )
    return [answers[place] for place in range(len(sales))]


class _Counter:
    """Decides the sales of a batch, of which no two have the same key."""

    def __init__(
        self, device: DeviceHere, day_number: int, device_time: datetime, now: datetime
    ) -> None:
        self.device = device
        self.day_number = day_number
        self.device_time = device_time
        self.now = now
        self.newly_held = 0
        self.operators: Mapping[UUID, registry.OperatorRow] = {}

    def receive(self, batch: Sequence[Sent]) -> list[Received]:
        known = queries.recorded_sales(
            organisation_id=self.device.organisation_id, keys=[sent.key for sent in batch]
        )
        answers = self._answered_before(batch, known)
        fresh = [sent for sent in batch if sent.key not in answers]
        ready, refused = self._checked(fresh, known)
        recorded, refused_late = self._record(ready)
        answers |= recorded
        answers |= self._hold(fresh, refused | refused_late)
        return [answers[sent.key] for sent in batch]

    def _answered_before(
        self, batch: Sequence[Sent], known: Mapping[str, queries.KnownSale]
    ) -> dict[str, Received]:
        """Return the answers for what was recorded or held before; another content is new."""
        answers = {}
        told = {sent.key: sent for sent in batch}
        days = queries.days_of([found.id for found in known.values()])
        for key, found in known.items():
            sale = told[key].sale
            if sale and found.has_lines(lines_in(sale.lines)):
                answers[key] = Received(
                    told[key].told_key, "known", found.id, day_number=days.get(found.id)
                )
        for held in HeldSale.objects.filter(
            organisation=self.device.organisation_id, key__in=list(told)
        ).select_related("settlement"):
            settled = getattr(held, "settlement", None)
            answers.setdefault(
                held.key,
                self._held_answer(
                    told[held.key], held.code, held.params, settled and settled.purchase_id
                ),
            )
        return answers

    def _checked(
        self, fresh: Sequence[Sent], known: Mapping[str, queries.KnownSale]
    ) -> tuple[list[_Ready], dict[str, DomainError]]:
        """Return what can be tried, and why the rest cannot, in two SQL queries."""
        told = [sent.sale for sent in fresh if sent.sale]
        organisation = self.device.organisation_id
        self.operators = registry.operators_among(
            {sale.operator_id for sale in told if sale.operator_id}, organisation_id=organisation
        )
        holders = registry.holders_of({_bare(sale.card) for sale in told if sale.card})
        ready, refused = [], {}
        for sent in fresh:
            try:
                ready.append(self._ready(sent, holders, known))
            except DomainError as refusal:
                refused[sent.key] = refusal
        return ready, refused

    def _ready(
        self,
        sent: Sent,
        holders: Mapping[str, registry.CardHolder],
        known: Mapping[str, queries.KnownSale],
    ) -> _Ready:
        sale = sent.sale
        if sale is None:
            raise SaleMalformed
        if sent.key in known:
            raise KeyReused(key=sent.key)
        if sale.operator_id and sale.operator_id not in self.operators:
            raise OperatorNeverHere
        at = self._by_our_clock(sale)
        check_age(at=at, now=self.now)
        return _Ready(
            sent,
            sale.operator_id,
            SaleIn(
                key=purchase_key(sent.key),
                seller_id=self.device.organisation_id,
                buyer_id=_buyer(sale, holders),
                happened_at=min(at, self.now),
                lines=lines_in(sale.lines),
            ),
        )

    def _record(
        self, ready: Sequence[_Ready]
    ) -> tuple[dict[str, Received], dict[str, DomainError]]:
        """Record all at once; if that is refused, one by one, so that the right ones are kept."""
        answers: dict[str, Received] = {}
        refused: dict[str, DomainError] = {}
        for group in _by_operator(ready):
            try:
                answers |= self._write(group)
            except DomainError:
                for each in group:
                    try:
                        answers |= self._write([each])
                    except DomainError as refusal:
                        refused[each.sent.key] = refusal
        return answers, refused

    @transaction.atomic
    def _write(self, group: Sequence[_Ready]) -> dict[str, Received]:
        operator = group[0].operator_id
        login = self.operators[operator].user_id if operator else None
        recorded = purchases.record_sales(
            sales=[each.sale for each in group], recorded_by=login, recorded_at=self.now
        )
        ids = [each.purchase_id for each in recorded]
        note_sales(ids, self.device, self.day_number, operator, self.now, offline=True)
        return {
            each.sent.key: Received(
                each.sent.told_key, "recorded", purchase_id, day_number=self.day_number
            )
            for each, purchase_id in zip(group, ids, strict=True)
        }

    def _hold(
        self, fresh: Sequence[Sent], refused: Mapping[str, DomainError]
    ) -> dict[str, Received]:
        held = [(sent, refusal) for sent in fresh if (refusal := refused.get(sent.key)) is not None]
        self.newly_held += len(held)
        HeldSale.objects.bulk_create(
            [
                HeldSale(
                    organisation_id=self.device.organisation_id,
                    till_id=self.device.till_id,
                    device_id=self.device.id,
                    key=sent.key,
                    payload=sent.payload,
                    code=refusal.code,
                    params={name: str(value) for name, value in refusal.params.items()},
                    happened_at=self._by_our_clock(sent.sale) if sent.sale else None,
                    operator_id=self._operator(sent),
                    total_cents=sent.sale.total_cents if sent.sale else None,
                    received_at=self.now,
                )
                for sent, refusal in held
            ],
        )
        registry_actions.note_blocked(
            numbers=[
                _bare(sent.sale.card)
                for sent, refusal in held
                if isinstance(refusal, CardIsBlocked) and sent.sale and sent.sale.card
            ],
            seller_id=self.device.organisation_id,
            noted_at=self.now,
        )
        return {
            sent.key: self._held_answer(sent, refusal.code, refusal.params, None)
            for sent, refusal in held
        }

    def _by_our_clock(self, sale: OfflineSale) -> datetime:
        return by_our_clock(told=sale.happened_at, device_time=self.device_time, now=self.now)

    def _operator(self, sent: Sent) -> UUID | None:
        told = sent.sale.operator_id if sent.sale else None
        return told if told in self.operators else None

    def _held_answer(
        self, sent: Sent, code: str, params: Mapping[str, object], purchase_id: UUID | None
    ) -> Received:
        message = queries.why_held(code=code, params=params)
        return Received(sent.told_key, "held", purchase_id, code, message)


def _buyer(sale: OfflineSale, holders: Mapping[str, registry.CardHolder]) -> UUID | None:
    """Return whose card it was. Raises: CardUnknown, CardIsBlocked."""
    if sale.card is None:
        return None
    holder = holders.get(_bare(sale.card))
    if holder is None:
        raise CardUnknown
    if holder.is_blocked:
        raise CardIsBlocked
    return holder.person_id


def _bare(card: str) -> str:
    return "".join(card.split())


def _by_operator(ready: Iterable[_Ready]) -> list[list[_Ready]]:
    groups: dict[UUID | None, list[_Ready]] = defaultdict(list)
    for each in ready:
        groups[each.operator_id].append(each)
    return list(groups.values())
