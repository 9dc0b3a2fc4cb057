"""What the database must not hold already, asked before anything is written."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.registry.bulk import copy_rows
from reciproca.registry.models import ExternalId, Municipality, Organisation, Person
from reciproca.shared.errors import DomainError


class ChoiceUnknown(DomainError):
    code = "choice-unknown"
    message = _(
        "“%(value)s” non è fra le scelte possibili per “%(field)s”: scrivi uno tra %(known)s."
    )
    status = 422


class MunicipalityUnknown(DomainError):
    code = "municipality-unknown"
    message = _("Non conosciamo il comune con codice ISTAT “%(value)s”.")
    status = 422


class TaxCodeTaken(DomainError):
    code = "tax-code-taken"
    message = _("Il codice fiscale %(value)s è già nel registro: cercalo prima di aggiungerlo.")


class ExternalIdTaken(DomainError):
    code = "external-id-taken"
    message = _("Il codice “%(value)s” è già assegnato a qualcun altro del registro.")


def refuse_unknown_municipalities(codes: Sequence[str]) -> None:
    """Raise MunicipalityUnknown for the first ISTAT code that is not in the table."""
    wanted = {code for code in codes if code}
    if not wanted:
        return
    known = set(Municipality.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    if unknown := sorted(wanted - known):
        raise MunicipalityUnknown(value=unknown[0])


def refuse_taken_tax_codes(
    *, model: type[Organisation] | type[Person], codes: Sequence[str]
) -> None:
    """
    Raise TaxCodeTaken for a code that comes twice or that the table has.

    A sole trader's firm and the person behind it may share one: each table has its own codes.
    """
    wanted = Counter(code for code in codes if code)
    twice = [code for code, times in wanted.items() if times > 1]
    taken = twice or list(
        model._default_manager.filter(tax_code__in=wanted.keys()).values_list(
            "tax_code", flat=True
        )[:1]
    )
    if taken:
        raise TaxCodeTaken(value=taken[0])


def note_external_ids(rows: Sequence[tuple[UUID, str, str]]) -> None:
    """
    Remember what nodes are called in others' files, as (node, source, value).

    Raises: ExternalIdTaken.
    """
    wanted = Counter((source, value) for _node, source, value in rows)
    taken = [value for (_source, value), times in wanted.items() if times > 1]
    for source in sorted({source for source, _value in wanted}):
        values = [value for each, value in wanted if each == source]
        known = ExternalId.objects.filter(source=source, value__in=values)
        taken += known.values_list("value", flat=True)[:1]
    if taken:
        raise ExternalIdTaken(value=taken[0])
    copy_rows(model=ExternalId, fields=("node", "source", "value"), rows=rows)
