"""A cooperative's members' register as files: an extract of a day, and the list as a table."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from reciproca.registry import queries as registry
from reciproca.registry.fields import DayField
from reciproca.registry.queries import BookLine
from reciproca.shared.access import note_accesses
from reciproca.shared.asking import Form
from reciproca.shared.gates import role_required
from reciproca.shared.tables import Cell, csv_euro, csv_response, workbook
from reciproca.shared.types import MemberRequest
from reciproca.web.statements.register import register_pdf as draw_register
from reciproca.web.views.statements import pdf_response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_TYPED = 100


class DayForm(Form):
    """The day of an extract: today, or one that is over."""

    on = DayField(label=gettext_lazy("Com’era alla fine del giorno"))

    def clean_on(self) -> date:
        asked: date = self.cleaned_data["on"]
        return min(asked, timezone.localdate())


@require_safe
@role_required("manager")
def register_pdf(request: MemberRequest) -> HttpResponse:
    """Hand out the register as it stood at the end of a day."""
    form = DayForm(request.GET)
    if not form.is_valid():
        messages.warning(request, _("Per l’estratto scegli un giorno che esiste, dal 1900 a oggi."))
        sought = f"?{urlencode({'q': _text(request)})}" if _text(request) else ""
        return redirect(f"{reverse('registry:members')}{sought}")
    own, on, text = _own(request), form.cleaned_data["on"], _text(request)
    names, community = registry.names_of([own]), registry.community()
    _note(request, state="")
    content = draw_register(
        registry.register_at(cooperative_id=own, on=on, text=text),
        on=on,
        cooperative=names[own],
        community=community.name if community else "",
        text=text,
    )
    return pdf_response(content, "-".join([_("libro-soci"), str(on)]))


@require_safe
@role_required("manager")
def register_csv(request: MemberRequest) -> StreamingHttpResponse:
    """Hand out the list that is looked for as CSV."""
    rows = ([_written(cell) for cell in row] for row in _rows(request))
    return csv_response(name=f"{_file_name()}.csv", head=_head(), rows=rows)


@require_safe
@role_required("manager")
def register_xlsx(request: MemberRequest) -> HttpResponse:
    """Hand out the list that is looked for as a workbook."""
    content = workbook(title=_("Libro soci"), head=_head(), rows=_rows(request))
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{_file_name()}.xlsx"'
    return answer


def _rows(request: MemberRequest) -> Iterator[list[Cell]]:
    state = registry.known_state(request.GET.get("state", "live"))
    _note(request, state=state)
    lines = registry.register_lines(cooperative_id=_own(request), text=_text(request), state=state)
    return map(_cells, lines)


def _note(request: MemberRequest, *, state: str) -> None:
    """Write down, for each who is in it, that the register was taken home."""
    listed = registry.register_members(
        cooperative_id=_own(request), text=_text(request), state=state
    )
    note_accesses(reader=request.actor, subjects=listed, what="register")


def _head() -> list[str]:
    return [
        _("Numero"),
        _("Nome"),
        _("Tipo"),
        _("Posizione"),
        _("Domanda del"),
        _("Iscrizione"),
        _("Uscita"),
        _("Capitale"),
    ]


def _cells(line: BookLine) -> list[Cell]:
    return [
        line.number,
        line.name,
        line.kind_title,
        line.state_title,
        line.applied_on,
        line.registered_on,
        line.left_on,
        Decimal(line.shares_cents) / 100,
    ]


def _written(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, Decimal):
        return csv_euro(int(cell * 100))
    return "" if cell is None else str(cell)


def _file_name() -> str:
    return "-".join([_("libro-soci"), str(timezone.localdate())])


def _text(request: MemberRequest) -> str:
    return request.GET.get("q", "").replace("\0", "")[:MOST_TYPED].strip()


def _own(request: MemberRequest) -> UUID:
    assert request.actor.node_id is not None
    return request.actor.node_id
