"""What may follow what in a membership, and how names and codes are written. No database."""

import re
from dataclasses import replace
from datetime import date
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from reciproca.registry.forms import OrganisationIn, PersonIn
from reciproca.shared import identifiers
from reciproca.shared.errors import DomainError

NEXT_STATES = {
    "applied": ("admitted", "refused", "withdrawn", "deceased"),
    "admitted": ("registered", "withdrawn", "deceased"),
    "registered": ("suspended", "withdrawn", "excluded", "deceased", "transferred"),
    "suspended": ("registered", "withdrawn", "excluded", "deceased", "transferred"),
}
"""
Domain: applied, admitted, registered, at times suspended, and one of the ways out.

An applicant and somebody admitted but not yet in the register may still step back.
"""

ENDED = frozenset({"refused", "withdrawn", "excluded", "deceased", "transferred"})

ROLES_OF_KIND = {
    "federation": ("officer",),
    "cooperative": ("manager", "till"),
    "company": ("manager", "till"),
    "purchasing_group": ("manager", "till"),
}
"""In which roles somebody may act for an organisation, by its kind."""

LONGEST = {
    "name": 200,
    "legal_name": 250,
    "first_name": 100,
    "last_name": 100,
    "email": 254,
    "certified_email": 254,
    "phone": 30,
    "address": 200,
    "account_name": 140,
}
"""How many characters of each text the tables keep."""

SHOWN_OF_LONG = 40
LETTERS_OF_ORGANISATION = 2

_REGISTER_NUMBER = re.compile(r"[A-Z]\d{6}", re.ASCII)
_SDI_CODE = re.compile(r"[A-Z0-9]{7}", re.ASCII)


class NameMissing(DomainError):
    code = "name-missing"
    message = _("Manca il nome: scrivilo per intero.")
    status = 422


class NameUnreadable(DomainError):
    code = "name-unreadable"
    message = _("“%(name)s” non è un nome: scrivilo per intero, con le sue lettere.")
    status = 422


class EmailUnreadable(DomainError):
    code = "email-unreadable"
    message = _("“%(value)s” non è un indirizzo e-mail: scrivilo come nome@dominio.it.")
    status = 422


class CodeUnreadable(DomainError):
    code = "code-unreadable"
    message = _("“%(value)s” non è %(what)s: controlla di aver copiato tutto.")
    status = 422


class TextTooLong(DomainError):
    code = "text-too-long"
    message = _("“%(text)s…” è troppo lungo: scrivi %(most)s caratteri al massimo.")
    status = 422


class StepNotPossible(DomainError):
    code = "step-not-possible"
    message = _(
        "Questo passaggio non è possibile da dove la pratica è adesso: ricarica la pagina e"
        " guarda la sua storia."
    )


class DayBeforeHistory(DomainError):
    code = "day-before-history"
    message = _("La data non può venire prima del passaggio precedente, che è del %(last)s.")
    status = 422


class DayInFuture(DomainError):
    code = "day-in-future"
    message = _("La data è nel futuro: scrivi il giorno in cui è successo.")
    status = 422


class RoleNotForKind(DomainError):
    code = "role-not-for-kind"
    message = _("Questo incarico non si può dare qui: scegline un altro.")
    status = 422


def check_step(*, state: str, to: str) -> None:
    """Refuse a step that the life of a membership does not know. Raises: StepNotPossible."""
    if to not in NEXT_STATES.get(state, ()):
        raise StepNotPossible


def check_day(*, on: date, last_on: date | None, today: date) -> None:
    """Refuse a day before the last step or after today. Raises: DayBeforeHistory, DayInFuture."""
    if on > today:
        raise DayInFuture
    if last_on is not None and on < last_on:
        raise DayBeforeHistory(last=f"{last_on:%d/%m/%Y}")


def check_role(*, kind: str, role: str) -> None:
    """Refuse a role that an organisation of this kind does not give. Raises: RoleNotForKind."""
    if role not in ROLES_OF_KIND.get(kind, ()):
        raise RoleNotForKind


def key_digest(secret: str) -> str:
    """
    Return what is kept of an API key.

    SHA-256 without salt or stretching is enough: the secret is random and far too long to guess.
    """
    return sha256(secret.encode()).hexdigest()


def clean_organisation(organisation: OrganisationIn) -> OrganisationIn:
    """
    Return the organisation with every text trimmed and every code checked.

    The legal name defaults to the name.

    Raises: NameMissing, NameUnreadable, EmailUnreadable, CodeUnreadable, TextTooLong,
    identifiers.IdentifierRefused.
    Source: docs/rules/identifiers.md
    """
    name = _line(organisation.name)
    if not name:
        raise NameMissing
    check_name(name, least=LETTERS_OF_ORGANISATION)
    cleaned = replace(
        organisation,
        name=name,
        legal_name=_line(organisation.legal_name) or name,
        description=organisation.description.strip(),
        register_number=clean_register_number(organisation.register_number),
        tax_code=organisation.tax_code and identifiers.clean_tax_code(organisation.tax_code),
        vat_number=organisation.vat_number
        and identifiers.clean_vat_number(organisation.vat_number),
        rea=organisation.rea and identifiers.clean_rea(organisation.rea),
        certified_email=clean_email(organisation.certified_email),
        sdi_code=clean_sdi_code(organisation.sdi_code),
        ateco_code=organisation.ateco_code and identifiers.clean_ateco(organisation.ateco_code),
        address=_line(organisation.address),
        iban=organisation.iban and identifiers.clean_iban(organisation.iban),
        account_name=_line(organisation.account_name),
    )
    _refuse_long(cleaned)
    return cleaned


def clean_person(person: PersonIn) -> PersonIn:
    """
    Return the person with every text trimmed and every code checked; `name` is never empty.

    Raises: NameMissing, NameUnreadable, EmailUnreadable, TextTooLong,
    identifiers.IdentifierRefused.
    Source: docs/rules/identifiers.md
    """
    first, last = _line(person.first_name), _line(person.last_name)
    name = _line(person.name) or f"{first} {last}".strip()
    if not name:
        raise NameMissing
    check_name(name)
    cleaned = replace(
        person,
        first_name=first,
        last_name=last,
        name=name,
        tax_code=person.tax_code and identifiers.clean_person_tax_code(person.tax_code),
        email=clean_email(person.email),
        phone=_line(person.phone),
        address=_line(person.address),
        iban=person.iban and identifiers.clean_iban(person.iban),
    )
    _refuse_long(cleaned)
    return cleaned


def check_name(name: str, *, least: int = 1) -> None:
    """Refuse a name of signs, with fewer than `least` letters or digits. Raises: NameUnreadable."""
    if sum(each.isalnum() for each in name) < least:
        raise NameUnreadable(name=name[:SHOWN_OF_LONG])


def check_length(*, text: str, most: int) -> None:
    """Refuse a text of more characters than are kept. Raises: TextTooLong."""
    if len(text) > most:
        raise TextTooLong(text=text[:SHOWN_OF_LONG], most=most)


def _refuse_long(told: OrganisationIn | PersonIn) -> None:
    for field, most in LONGEST.items():
        check_length(text=getattr(told, field, ""), most=most)


def _line(text: str) -> str:
    return " ".join(text.split())


def clean_email(text: str) -> str:
    """Return an e-mail address trimmed, or nothing for nothing. Raises: EmailUnreadable."""
    address = text.strip()
    if address:
        try:
            validate_email(address)
        except ValidationError as mistake:
            raise EmailUnreadable(value=address) from mistake
    return address


def clean_register_number(text: str) -> str:
    """Return a number of the register of cooperatives in capitals. Raises: CodeUnreadable."""
    return _shaped(text, _REGISTER_NUMBER, _("un numero dell’albo, come A123456"))


def clean_sdi_code(text: str) -> str:
    """Return the code under which an invoice is delivered. Raises: CodeUnreadable."""
    return _shaped(text, _SDI_CODE, _("un codice destinatario SDI"))


def _shaped(text: str, shape: re.Pattern[str], what: object) -> str:
    code = text.strip().upper()
    if code and not shape.fullmatch(code):
        raise CodeUnreadable(value=text.strip(), what=what)
    return code


def likeness_of_people(
    *, same_birth: bool, same_email: bool, same_phone: bool, same_place: bool
) -> int:
    """
    Return in hundredths how likely two entries of one name are one person, zero: not to be asked.

    A birth day weighs most; an address or telephone of its own a family may share. A place alone
    says something only beside a name that is rare, and is asked last.
    """
    weight = 45 * same_birth + 30 * same_email + 20 * same_phone + 10 * same_place
    return min(99, 40 + weight) if weight else 0
