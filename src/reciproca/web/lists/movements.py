"""A member's own movements as a file."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.tables import cents_cell
from reciproca.shared.types import MemberRequest
from reciproca.web.lists.table import Rows, Table, local_day, local_hour
from reciproca.web.member.movements import all_movements
from reciproca.web.views.movements import Asked
from reciproca.web.views.profile import own_id


def _rows(request: MemberRequest) -> Rows:
    asked = Asked.by(request.GET)
    for movement in all_movements(
        member_id=own_id(request), kind=asked.kind, sought=asked.sought()
    ):
        yield (
            local_day(movement.moment.at),
            local_hour(movement.moment.at),
            movement.name,
            movement.what,
            cents_cell(movement.total_cents),
            cents_cell(movement.credit_cents),
            cents_cell(movement.value_cents),
            cents_cell(movement.waiting_cents),
            cents_cell(movement.tally.into),
            cents_cell(movement.tally.out),
            cents_cell(movement.change_cents),
            str(movement.moment.id),
        )


MOVEMENTS = Table(
    title=_("Movimenti"),
    roles=("member",),
    header=(
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
    ),
    rows=_rows,
)
