"""The ledger's transfers in a member's words, and what they do to the member's credit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reciproca.ledger import queries as ledger
from reciproca.ledger.queries import Entry
from reciproca.web.words import when

SENTENCES: Mapping[str, str | Promise] = {
    "value-back": _("%(issuer)s ti accredita la tua parte, con scadenza %(day)s."),
    "recovery": _("Una parte ripaga quello che dovevi a %(seller)s dopo un reso."),
    "branch": _("%(giver)s deve la sua parte a “%(taker)s”."),
    "spend": _("Hai usato credito di %(issuer)s, con scadenza %(day)s."),
    "spend-owed": _("%(giver)s deve la stessa cifra a %(taker)s, dove l’hai speso."),
    "gift": _("Hai donato credito di %(issuer)s, con scadenza %(day)s."),
    "gift-owed": _("%(giver)s deve la stessa cifra a “%(taker)s”."),
    "refund-spend": _("Ti torna il credito di %(issuer)s che avevi usato, con scadenza %(day)s."),
    "refund-spend-owed": _("%(taker)s non deve più quella cifra a %(giver)s."),
    "refund-branch": _("%(taker)s non deve più quella parte a “%(giver)s”."),
    "refund-value": _("Esce dal tuo credito di %(issuer)s, con scadenza %(day)s."),
    "refund-expired": _("Quel credito era scaduto: lo rende a %(taker)s “%(giver)s”."),
    "refund-recovery": _("L’avevi già speso: lo ripagano i tuoi prossimi ritorni da %(seller)s."),
    "expiry": _("Il credito di %(issuer)s è finito il %(day)s."),
    "expiry-owed": _("%(giver)s deve la stessa cifra a “%(taker)s”."),
    "patronage-credit": _("%(issuer)s ti accredita il ristorno, con scadenza %(day)s."),
    "patronage-cash": _("%(giver)s ti deve il ristorno con bonifico."),
    "patronage-capital": _("Il ristorno diventa tuo capitale sociale in %(giver)s."),
    "redistributed": _("“%(issuer)s” ti accredita la tua parte, con scadenza %(day)s."),
    "redistributed-recovery": _("Una parte ripaga quello che dovevi a %(seller)s."),
    "redistributed-back": _("Esce dal tuo credito di “%(issuer)s”, con scadenza %(day)s."),
    "redistributed-debt": _("L’avevi già speso: lo ripagano le tue prossime parti di %(seller)s."),
}
"""What each code of the ledger says to the member whom it is about."""

INTO_CREDIT = {
    "value-back": "earned",
    "patronage-credit": "earned",
    "redistributed": "earned",
    "refund-spend": "returned",
}
OUT_OF_CREDIT = {
    "spend": "spent",
    "gift": "spent",
    "expiry": "spent",
    "refund-value": "taken",
    "redistributed-back": "taken",
}
BESIDE_CREDIT = {"recovery": "repaid", "refund-recovery": "owed"}
_PARTS = INTO_CREDIT | OUT_OF_CREDIT | BESIDE_CREDIT


@dataclass(frozen=True, slots=True)
class Told:
    """One transfer in words, with its amount in cents."""

    code: str
    sentence: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class LotUse:
    """Credit that one fact took from a lot, or put into it, in cents."""

    issuer_id: UUID
    issuer: str
    ends: str
    amount_cents: int


@dataclass(slots=True)
class Tally:
    """
    What a fact did to a member's credit, in whole cents, none below zero.

    `earned` is new credit and `returned` credit that had been spent; `spent` was used, given or
    ended, `taken` went back with a refund. What `repaid` a debt of an earlier refund never became
    credit, and what is `owed` will be repaid by later value.
    """

    earned: int = 0
    returned: int = 0
    spent: int = 0
    taken: int = 0
    repaid: int = 0
    owed: int = 0

    def add(self, entry: Entry) -> None:
        """Count a transfer in; one that does not touch the member counts nothing."""
        if part := _PARTS.get(entry.code):
            setattr(self, part, getattr(self, part) + entry.amount)

    @property
    def into(self) -> int:
        return self.earned + self.returned

    @property
    def out(self) -> int:
        return self.spent + self.taken

    @property
    def change(self) -> int:
        """Return by how much the credit that can be spent changed."""
        return self.into - self.out


def tallies(facts: Collection[UUID], /) -> dict[UUID, Tally]:
    """Return what these facts did to their member's credit, in one SQL query."""
    found: dict[UUID, Tally] = defaultdict(Tally)
    for entry in ledger.transfers_of_facts(facts) if facts else ():
        found[entry.reference].add(entry)
    return found


def tally_of(entries: Iterable[Entry]) -> Tally:
    """Return what the transfers of one fact did to their member's credit."""
    tally = Tally()
    for entry in entries:
        tally.add(entry)
    return tally


def parties(entries: Iterable[Entry]) -> set[UUID]:
    """Return everybody whose name the sentences may need."""
    keys = [key for entry in entries for key in (entry.debit, entry.credit)]
    return {node for key in keys for node in (key.owner, key.party)}


def told(entries: Iterable[Entry], *, names: Mapping[UUID, str]) -> list[Told]:
    """Return the transfers of a fact in words; what only moves inside the ledger is left out."""
    return [
        Told(entry.code, str(SENTENCES[entry.code]) % _named(entry, names), entry.amount)
        for entry in entries
        if entry.code in SENTENCES
    ]


def lots_used(
    entries: Iterable[Entry], *, codes: Collection[str], names: Mapping[UUID, str]
) -> Sequence[LotUse]:
    """Return the lots that these transfers touched for these reasons, in their order."""
    return [
        LotUse(lot.party, names[lot.party], when(lot.expires_on, style="full"), entry.amount)
        for entry in entries
        if entry.code in codes
        for lot in (entry.debit, entry.credit)
        if lot.purpose == "credit" and lot.expires_on
    ]


def _named(entry: Entry, names: Mapping[UUID, str]) -> dict[str, str]:
    """Return what a sentence may mention of an entry."""
    told = {"giver": names[entry.debit.owner], "taker": names[entry.credit.owner]}
    for key in (entry.debit, entry.credit):
        if key.purpose == "credit" and key.expires_on:
            told["issuer"] = names[key.party]
            told["day"] = when(key.expires_on, style="full")
        elif key.purpose == "recovery":
            told["seller"] = names[key.party]
    return told
