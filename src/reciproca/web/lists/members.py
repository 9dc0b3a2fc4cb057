"""Who is in a cooperative's register, and each one's part of a refund, as files."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from reciproca.refunds import queries as refunds
from reciproca.refunds.views.common import own_cooperative, run_or_404
from reciproca.registry import queries as registry
from reciproca.shared.access import note_accesses
from reciproca.shared.tables import cents_cell
from reciproca.shared.types import MemberRequest, Role
from reciproca.web.lists.table import Rows, Table

MANAGERS: tuple[Role, ...] = ("manager",)
MOST_TYPED = 100


def text_asked(request: MemberRequest) -> str:
    """Return what of a register is looked for."""
    return request.GET.get("q", "").replace("\0", "")[:MOST_TYPED].strip()


def register_count(request: MemberRequest, *, state: str) -> int:
    """Return how many lines of the own register are looked for."""
    return registry.register_count(
        cooperative_id=own_cooperative(request), text=text_asked(request), state=state
    )


def note_register(request: MemberRequest, *, state: str) -> None:
    """Write down, for each who is in it, that the register was taken home."""
    listed = registry.register_members(
        cooperative_id=own_cooperative(request), text=text_asked(request), state=state
    )
    note_accesses(reader=request.actor, subjects=listed, what="register")


def _state(request: MemberRequest) -> str:
    return registry.known_state(request.GET.get("state", "live"))


def _register(request: MemberRequest) -> Rows:
    lines = registry.register_lines(
        cooperative_id=own_cooperative(request), text=text_asked(request), state=_state(request)
    )
    for line in lines:
        yield (
            line.number,
            line.name,
            line.kind_title,
            line.state_title,
            line.applied_on,
            line.registered_on,
            line.left_on,
            Decimal(line.shares_cents) / 100,
        )


def _refund(request: MemberRequest, year: int) -> Rows:
    run = run_or_404(request, year)
    numbers = registry.register_numbers(cooperative_id=own_cooperative(request))
    # Not a generator: a year that is not there is refused before anything is sent.
    return (
        (
            numbers.get(line.member_id),
            line.member.name,
            cents_cell(line.amount_cents),
            cents_cell(line.credit_cents),
            cents_cell(line.cash_cents),
            cents_cell(line.capital_cents),
        )
        for line in refunds.lines_of(run=run, search=text_asked(request)).iterator(chunk_size=2_000)
    )


def _note_refund(request: MemberRequest, year: int) -> None:
    run = run_or_404(request, year)
    members = refunds.members_refunded(run=run, search=text_asked(request))
    note_accesses(reader=request.actor, subjects=members, what="refunds")


def _count_refund(request: MemberRequest, year: int) -> int:
    run = run_or_404(request, year)
    return refunds.lines_of(run=run, search=text_asked(request)).count()


REGISTER = Table(
    title=_("Libro soci"),
    roles=MANAGERS,
    header=(
        _("Numero"),
        _("Nome"),
        _("Tipo"),
        _("Posizione"),
        _("Domanda del"),
        _("Iscrizione"),
        _("Uscita"),
        _("Capitale"),
    ),
    rows=_register,
    note=lambda request: note_register(request, state=_state(request)),
    count=lambda request: register_count(request, state=_state(request)),
)
REFUND = Table(
    title=_("Ristorno"),
    roles=MANAGERS,
    header=(
        _("Numero"),
        _("Socio"),
        _("Ristorno"),
        _("Credito"),
        _("Denaro"),
        _("Capitale"),
    ),
    rows=_refund,
    note=_note_refund,
    count=_count_refund,
)
