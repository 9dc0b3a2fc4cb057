"""What purchases offer to `imports`."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.imports.columns import Field
from reciproca.imports.reader import Order, Shown
from reciproca.purchases import actions
from reciproca.purchases.reading import fields
from reciproca.purchases.reading.options import PurchaseOptions
from reciproca.purchases.reading.reading import PurchaseReading
from reciproca.purchases.reading.rows import PurchaseRow


class PurchaseReader:
    """Purchases out of a file; see `imports.reader.Reader`."""

    kind = "purchases"
    title = _("Acquisti")
    options = PurchaseOptions
    has_baskets = True

    def fields(self, *, organisation_id: UUID | None) -> Sequence[Field]:
        """Return what a row says; in an organisation's own file it is always the one who sells."""
        return fields.OF_ALL_SELLERS if organisation_id is None else fields.OF_ONE_SELLER

    def begin(self, order: Order, /) -> PurchaseReading:
        """Return the reading of one file. Raises: MappingRefused."""
        return PurchaseReading(order)

    def shown(self, values: Sequence[Any], /) -> Sequence[Shown]:
        """Return a row as the preview shows it."""
        row = PurchaseRow._make(values)
        return [
            Shown(_("Data"), _day_or_moment(datetime.fromisoformat(row.happened_at)), "moment"),
            Shown(_("Socio"), row.member),
            Shown(_("Cooperativa"), row.seller),
            Shown(_("Che cosa"), " ".join(filter(None, (row.category, row.description)))),
            Shown(_("Importo"), row.amount_cents, "cents"),
        ]

    def undo(
        self, *, import_id: UUID, reason: str, recorded_by: UUID | None, recorded_at: datetime
    ) -> None:
        """Give back everything that a file brought in, by contrary purchases."""
        actions.undo_import(
            import_id=import_id, reason=reason, recorded_by=recorded_by, recorded_at=recorded_at
        )
        actions.refresh_month_totals(since=recorded_at)


PURCHASES = PurchaseReader()


def _day_or_moment(happened_at: datetime) -> date:
    """Return when it was; a file that says no hour says midnight, and means the day."""
    return happened_at.date() if happened_at.time() == time.min else happened_at
