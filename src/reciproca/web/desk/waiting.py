"""What waits for who manages a cooperative: each thing with its page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.clearing import queries as clearing
from reciproca.purchases import queries as purchases
from reciproca.refunds import queries as refunds
from reciproca.refunds.models import RefundRun
from reciproca.registry import queries as registry
from reciproca.tills import queries as tills
from reciproca.valueback import queries as valueback
from reciproca.web.words import count, euro, when


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something to do; `leaf` is the colour of its icon: gold for what somebody else waits for."""

    title: str
    note: str
    url: str
    icon: str
    leaf: str = ""


def waiting_for(
    *, cooperative_id: UUID, is_cooperative: bool, joined_on: date, today: date
) -> list[Waiting]:
    """
    Return what waits at a cooperative's desk, what others wait for first.

    `joined_on` is when the registry came to know it: of a year before that, and without a purchase
    of that year, nobody asks for accounts.
    """
    return [
        *_applications(cooperative_id),
        *_held_sales(cooperative_id),
        *_set_offs(cooperative_id),
        *_payments(cooperative_id),
        *(_year(cooperative_id, today.year - 1, joined_on) if is_cooperative else ()),
        *_promises(cooperative_id, today),
        *_account(cooperative_id),
    ]


def _applications(cooperative_id: UUID) -> Iterator[Waiting]:
    counts = registry.state_counts(cooperative_id=cooperative_id)
    members = reverse("registry:members")
    if applied := counts.get("applied", 0):
        title = ngettext(
            "Una domanda di ammissione da decidere",
            "%(n)s domande di ammissione da decidere",
            applied,
        ) % {"n": count(applied)}
        note = _("La decisione va comunicata a chi l’ha fatta")
        yield Waiting(title, note, f"{members}?state=applied", "users-round", "gold")
    if admitted := counts.get("admitted", 0):
        title = ngettext(
            "Una persona ammessa da iscrivere", "%(n)s persone ammesse da iscrivere", admitted
        ) % {"n": count(admitted)}
        note = _("Entra nel libro soci quando ha versato la quota")
        yield Waiting(title, note, f"{members}?state=admitted", "users-round")


def _held_sales(cooperative_id: UUID) -> Iterator[Waiting]:
    if held := tills.held_count(organisation_id=cooperative_id):
        title = ngettext(
            "Una vendita senza rete da guardare", "%(n)s vendite senza rete da guardare", held
        ) % {"n": count(held)}
        note = _("Chi ha comprato aspetta il suo ritorno")
        yield Waiting(title, note, reverse("tills:held_sales"), "clock", "gold")


def _set_offs(cooperative_id: UUID) -> Iterator[Waiting]:
    for asked in clearing.asked_now(node_id=cooperative_id):
        title = _("%(cents)s di debiti da annullare in cerchio") % {
            "cents": euro(asked.amount_cents)
        }
        note = _("Rispondi entro il %(day)s") % {"day": when(asked.answers_by, style="short")}
        url = reverse("clearing:set_off_own", args=[asked.proposal_id])
        yield Waiting(title, note, url, "scale", "gold")


def _payments(cooperative_id: UUID) -> Iterator[Waiting]:
    open_ones = clearing.payments(node_id=cooperative_id, state="open")
    owed = [each.amount_cents for each in open_ones if each.debtor_id == cooperative_id]
    if owed:
        title = _("%(cents)s da pagare alla rete") % {"cents": euro(sum(owed))}
        note = ngettext(
            "Un bonifico della compensazione", "%(n)s bonifici della compensazione", len(owed)
        ) % {"n": count(len(owed))}
        url = f"{reverse('web:desk_statement')}#payments"
        yield Waiting(title, note, url, "receipt-euro", "gold")


def _year(cooperative_id: UUID, year: int, joined_on: date) -> Iterator[Waiting]:
    accounts = refunds.accounts_of(cooperative_id=cooperative_id, year=year)
    run: RefundRun | None = getattr(accounts, "run", None)
    url = reverse("refunds:year_of", args=[year])
    if accounts is None:
        if joined_on.year > year and year not in purchases.years_sold(seller_id=cooperative_id):
            return
        title = _("Manca il bilancio del %(year)s") % {"year": year}
        yield Waiting(title, _("Serve per il ristorno ai soci"), url, "calendar-range")
    elif accounts.resolution is None:
        title = _("Manca la delibera sul %(year)s") % {"year": year}
        note = _("Data, protocollo e verbale dell’assemblea")
        yield Waiting(title, note, url, "calendar-range")
    elif run is not None:
        yield from _cash(run, year)


def _cash(run: RefundRun, year: int) -> Iterator[Waiting]:
    result = refunds.result_of(run=run)
    if result.cash_waiting:
        title = _("%(cents)s di ristorno da bonificare") % {
            "cents": euro(result.cash_cents - result.cash_paid_cents)
        }
        note = ngettext("A una persona", "A %(n)s persone", result.cash_waiting) % {
            "n": count(result.cash_waiting)
        }
        url = reverse("refunds:cash_payments", args=[year])
        yield Waiting(title, note, url, "landmark", "gold")


def _promises(cooperative_id: UUID, today: date) -> Iterator[Waiting]:
    promised = valueback.promises_of(seller_id=cooperative_id, on=today)
    if not any(each.now for each in promised) and purchases.years_sold(seller_id=cooperative_id):
        title = _("Non avete ancora promesso quanto torna")
        note = _("Finché non lo dite, dai vostri acquisti non torna nulla")
        yield Waiting(title, note, reverse("valueback:rates"), "waypoints")


def _account(cooperative_id: UUID) -> Iterator[Waiting]:
    party = registry.bank_parties([cooperative_id])[cooperative_id]
    if not party.iban:
        title = _("Manca l’IBAN della cooperativa")
        note = _("Senza, la compensazione non può pagarvi")
        yield Waiting(title, note, reverse("registry:organisation"), "landmark")
