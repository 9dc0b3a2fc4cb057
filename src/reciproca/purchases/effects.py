"""What purchases gave back because an assembly adopted the criteria."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproca.governance import queries as governance
from reciproca.governance.effects import Effect
from reciproca.purchases.queries import community_total
from reciproca.shared.calendar import first_instant
from reciproca.valueback.rules.policy import KIND


def value_because_of(resolution_id: UUID) -> Iterator[Effect]:
    """Yield what came of the criteria that a resolution adopted, in the months wholly theirs."""
    resolution = governance.resolution(resolution_id=resolution_id)
    for adopted in resolution.adopted if resolution else ():
        if adopted.kind != KIND:
            continue
        first, end = _next_month(adopted.in_force_on), adopted.ends_on or localdate()
        total = community_total(first_day=first, next_day=end.replace(day=1))
        if total.value_cents:
            yield Effect(
                at=first_instant(first),
                sentence=_("Con questi criteri è tornato valore su %(count)s acquisti")
                % {"count": total.purchase_count},
                amount_cents=total.value_cents,
            )


def _next_month(on: date) -> date:
    """Return the first day of a month on or after a day."""
    if on.day == 1:
        return on
    return date(on.year + on.month // 12, on.month % 12 + 1, 1)
