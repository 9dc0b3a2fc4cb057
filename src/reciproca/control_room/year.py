"""Closing a year: steps that each finish or are absent, and are never done twice."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.clearing import actions as clearing
from reciproca.clearing import queries as clearing_queries
from reciproca.control_room.models import YearClose
from reciproca.control_room.sums import refresh_sums
from reciproca.control_room.telling import tell_statements_ready
from reciproca.purchases import actions as purchases
from reciproca.purchases.queries.years import anything_until, year_figures
from reciproca.refunds import actions as refunds
from reciproca.refunds import queries as refund_queries
from reciproca.shared.calendar import year_span
from reciproca.shared.errors import DomainError
from reciproca.shared.locks import only_one
from reciproca.shared.progress import Progress, silent
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import leaf
from reciproca.valueback import actions as valueback
from reciproca.valueback import queries as valueback_queries

STEPS = {
    "figures": _("Acquisti dell’anno fermati"),
    "expiry": _("Crediti scaduti"),
    "refunds": _("Ristorni divisi"),
    "clearing": _("Debiti compensati"),
    "statements": _("Estratti e avvisi"),
}


CLOSED_YEARS = UUID("5d0f8c6e-9c7b-5b0e-8a52-3f1f6d0c2a11")
"""The name space in which a year is the id of its close, as the transparency log names it."""


class YearNotOver(DomainError):
    code = "year-not-over"
    message = _("Il %(year)s non è ancora finito: si chiude dal 1º gennaio %(next)s.")


class NothingToClose(DomainError):
    code = "nothing-to-close"
    message = _("Fino al %(year)s la comunità non ha registrato acquisti: controlla l’anno.")


class Closing(NamedTuple):
    """What every step is told; `begun_at` is when the first call for this year came."""

    year: int
    by: UUID | None
    at: datetime
    begun_at: datetime
    progress: Progress


def close_year(
    *, year: int, closed_by: UUID | None, closed_at: datetime, progress: Progress = silent
) -> YearClose:
    """
    Close a year: final figures, expired credit, refunds, netting, statements.

    Each step is written down when it is whole; stopped anywhere, the next call goes on from there.
    Closed again it returns the same close and moves nothing. A cooperative without accounts or
    resolution is left out and named; its manager can divide its refund later.

    Raises: YearNotOver, NothingToClose.
    Source: docs/year.md
    """
    if year >= timezone.localdate(closed_at).year:
        raise YearNotOver(year=year, next=year + 1)
    if not anything_until(year=year):
        raise NothingToClose(year=year)
    # Steps commit as they go, so a lock of one transaction is not enough: a second close waits
    # until the first is done, and then finds every step there.
    with only_one(f"year-close-{year}"):
        close, _is_new = YearClose.objects.get_or_create(
            year=year, defaults={"started_by": closed_by, "started_at": closed_at}
        )
        closing = Closing(year, closed_by, closed_at, close.started_at, progress)
        for name, step in _STEPS.items():
            if name in close.steps:
                continue
            progress(name)
            # What was told cannot be told again; the other steps find what they did before and
            # commit as they go, so that a killed close loses little.
            with transaction.atomic() if name == "statements" else nullcontext():
                close.steps[name] = step(closing)
                close.save(update_fields=["steps"])
        if close.finished_at is None:
            refresh_sums()
            _finish(close, closed_at)
        return close


@transaction.atomic
def _finish(close: YearClose, closed_at: datetime) -> None:
    close.finished_at = closed_at
    close.save(update_fields=["finished_at"])
    figures = {
        step: {name: figure for name, figure in done.items() if isinstance(figure, int)}
        for step, done in close.steps.items()
    }
    content = {"run": "year-close", "year": close.year, "figures": figures}
    transparency.record([leaf(kind="R", id=uuid5(CLOSED_YEARS, str(close.year)), content=content)])


def _figures(closing: Closing) -> dict[str, object]:
    """Fix the year: a purchase that arrives from now on belongs to the year it arrives in."""
    purchases.close_year(year=closing.year, closed_by=closing.by, closed_at=closing.at)
    purchases.refresh_month_totals(since=year_span(closing.year)[0])
    figures = year_figures(year=closing.year)
    return {
        "purchases": figures.purchase_count,
        "total_cents": figures.total_cents,
        "value_cents": figures.value_cents,
    }


def _expiry(closing: Closing) -> dict[str, object]:
    """End the credit whose last day was the year's, or an earlier one."""
    valueback.expire_lots(on=date(closing.year + 1, 1, 1), recorded_at=closing.at)
    ended = valueback_queries.expired_by_issuer(year=closing.year)
    return {"expired_cents": sum(ended.values())}


def _refunds(closing: Closing) -> dict[str, object]:
    """Divide every refund that an assembly decided; name those that cannot be divided, and why."""
    waiting = refund_queries.accounts_to_run(year=closing.year)
    refused = []
    for done, accounts in enumerate(waiting):
        closing.progress("refunds", done, len(waiting))
        try:
            refunds.run_refund(
                accounts_id=accounts.id, recorded_by=closing.by, recorded_at=closing.at
            )
        except DomainError as refusal:
            refused.append(
                {
                    "cooperative_id": str(accounts.cooperative_id),
                    "cooperative": accounts.cooperative.name,
                    **refusal.as_dict(),
                }
            )
    totals = refund_queries.totals_of_year(year=closing.year)
    rows = refund_queries.year_rows(year=closing.year)
    return {
        "refunds_cents": totals.refunds_cents,
        "members_refunded": totals.member_count,
        "runs": totals.run_count,
        "refused": refused,
        "cooperatives_without_accounts": [
            {"cooperative_id": str(row.cooperative_id), "cooperative": row.name}
            for row in rows
            if not (row.has_accounts and row.has_resolution)
        ],
    }


def _clearing(closing: Closing) -> dict[str, object]:
    """Net what everybody owed at the year's end."""
    last_day = date(closing.year, 12, 31)
    label = str(closing.year)
    known = clearing_queries.run_labelled(label=label)
    if known is not None and known.recorded_at < closing.begun_at:
        # Somebody called a netting so before the year was closed: it holds less than the year does.
        label = last_day.isoformat()
    try:
        run = clearing.run_clearing(
            label=label,
            until=last_day,
            recorded_by=closing.by,
            recorded_at=closing.at,
        )
    except clearing.NothingOwed:
        return {"run_id": "", "gross_cents": 0, "payments": 0, "payments_cents": 0}
    payments = clearing_queries.payment_count(run=run)
    return {
        "run_id": str(run.id),
        "gross_cents": run.gross_cents,
        "payments": payments,
        "payments_cents": run.net_cents,
    }


def _statements(closing: Closing) -> dict[str, object]:
    """Tell everybody that the year's statement can be read; it is drawn when somebody asks."""
    return {"told": tell_statements_ready(year=closing.year, told_at=closing.at)}


_STEPS: dict[str, Callable[[Closing], dict[str, object]]] = {
    "figures": _figures,
    "expiry": _expiry,
    "refunds": _refunds,
    "clearing": _clearing,
    "statements": _statements,
}
