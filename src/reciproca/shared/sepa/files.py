"""Which file holds which transfers, before any format is written."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.shared.identifiers import clean_iban
from reciproca.shared.money import format_euro
from reciproca.shared.sepa.text import bounded_id, latin

NAME_LENGTH = 70
REMITTANCE_LENGTH = 140
# The SEPA rulebook's highest amount of one transfer, 999,999,999.99 euro.
_MOST_CENTS = 99_999_999_999


class AccountMissing(DomainError):
    code = "bank-account-missing"
    message = _("Manca l'IBAN di %(name)s: aggiungilo alla sua scheda, poi ricrea il file.")


class PaymentRefused(DomainError):
    code = "payment-refused"
    message = _("%(amount)s da %(debtor)s a %(creditor)s non è un pagamento che la banca accetta.")


@dataclass(frozen=True, slots=True)
class Party:
    """
    Who pays or is paid: the legal name of the account's holder, and the account.

    Banks compare the name with the IBAN, and from 15 November 2026 take an address only with town
    and country in their own elements; `country` is the code of two letters.
    """

    id: str
    name: str
    iban: str
    town: str = ""
    country: str = "IT"
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """So many cents from one party to another; `remittance` is what the statement will say."""

    debtor_id: str
    creditor_id: str
    amount_cents: int
    remittance: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer of a file, with texts already as the bank takes them."""

    end_to_end_id: str
    creditor: Party
    amount_cents: int
    remittance: str


@dataclass(frozen=True, slots=True)
class CreditTransferFile:
    """What one debtor orders at its own bank, on one day."""

    message_id: str
    debtor: Party
    execution_on: date
    transfers: tuple[Transfer, ...]

    @property
    def control_sum_cents(self) -> int:
        """Return the plain sum of the transfers."""
        return sum(transfer.amount_cents for transfer in self.transfers)


def credit_transfer_files(
    *,
    payments: Iterable[Payment],
    parties: Mapping[str, Party],
    batch: str,
    execution_on: date,
) -> list[CreditTransferFile]:
    """
    Return one file for each debtor, in the order of their ids.

    The end-to-end id is `batch-debtor-creditor`, shortened where it passes 35 characters, with a
    number where a pair comes more than once.

    Raises: AccountMissing, IdentifierRefused (an IBAN), PaymentRefused.
    Source: docs/rules/netting.md
    """
    seen: Counter[str] = Counter()
    by_debtor: dict[str, list[Transfer]] = {}
    for payment in payments:
        label = f"{batch}-{payment.debtor_id}-{payment.creditor_id}"
        seen[label] += 1
        number = f"-{seen[label]}" if seen[label] > 1 else ""
        transfer = _transfer(payment, parties, bounded_id(label + number), batch)
        by_debtor.setdefault(payment.debtor_id, []).append(transfer)
    return [
        CreditTransferFile(
            message_id=_message_id(batch, debtor_id, transfers),
            debtor=_party(parties, debtor_id),
            execution_on=execution_on,
            transfers=tuple(transfers),
        )
        for debtor_id, transfers in sorted(by_debtor.items())
    ]


def _message_id(batch: str, debtor_id: str, transfers: Iterable[Transfer]) -> str:
    """
    Return what names a file: the same for the same transfers, another for any others.

    Banks refuse a second file of the same name. So what is sent twice is paid once, and what is
    left to pay after a first file is not mistaken for it.
    """
    told = (f"{each.end_to_end_id} {each.amount_cents}\n" for each in transfers)
    return bounded_id(f"{batch}-{debtor_id}-{sha256(''.join(told).encode()).hexdigest()}")


def _transfer(
    payment: Payment, parties: Mapping[str, Party], end_to_end_id: str, batch: str
) -> Transfer:
    creditor = _party(parties, payment.creditor_id)
    if not 0 < payment.amount_cents <= _MOST_CENTS or payment.debtor_id == payment.creditor_id:
        debtor = parties.get(payment.debtor_id)
        raise PaymentRefused(
            amount=format_euro(payment.amount_cents),
            debtor=debtor.name if debtor else payment.debtor_id,
            creditor=creditor.name,
        )
    remittance = latin(payment.remittance or batch, most=REMITTANCE_LENGTH)
    return Transfer(end_to_end_id, creditor, payment.amount_cents, remittance)


def _party(parties: Mapping[str, Party], party_id: str) -> Party:
    """Return a party with its texts as the bank takes them and its IBAN checked."""
    party = parties.get(party_id)
    if party is None or not party.iban.strip():
        raise AccountMissing(name=party.name if party else party_id)
    return Party(
        id=party.id,
        name=latin(party.name, most=NAME_LENGTH),
        iban=clean_iban(party.iban),
        town=latin(party.town, most=35) if party.town else "",
        country=party.country,
        bic=party.bic,
    )
