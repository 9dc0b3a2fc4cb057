"""A member's movements as a table to take home."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reciproca.shared.tables import csv_euro
from reciproca.web.member.movements import Movement


def csv_header() -> Sequence[str]:
    """Return the names of the columns, in the page's language."""
    return (
        _("Data"),
        _("Ora"),
        _("Con chi"),
        _("Che cosa"),
        _("Importo"),
        _("Pagato in crediti"),
        _("Valore nato"),
        _("In arrivo"),
        _("Crediti entrati"),
        _("Crediti usciti"),
        _("Cambio dei crediti"),
        _("Codice"),
    )


def csv_rows(movements: Iterable[Movement]) -> Iterator[Sequence[str]]:
    """Yield one row for each movement; amounts have no sign of the euro."""
    for movement in movements:
        local = localtime(movement.moment.at)
        yield (
            f"{local:%Y-%m-%d}",
            f"{local:%H:%M}",
            movement.name,
            movement.what,
            csv_euro(movement.total_cents),
            csv_euro(movement.credit_cents),
            csv_euro(movement.value_cents),
            csv_euro(movement.waiting_cents),
            csv_euro(movement.tally.into),
            csv_euro(movement.tally.out),
            csv_euro(movement.change_cents),
            str(movement.moment.id),
        )
