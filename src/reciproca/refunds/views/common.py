"""What the pages of a cooperative's year share: whose it is, and where in the wizard one is."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from reciproca.refunds import errors, queries
from reciproca.refunds.models import AnnualAccounts, RefundRun
from reciproca.refunds.rules import ExchangeKind, Step, StepKey
from reciproca.registry import queries as registry
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

GET_OR_POST = ["GET", "HEAD", "POST"]
manager_required = role_required("manager")


class DrawnStep(NamedTuple):
    """One step as the chart takes it."""

    label: str
    article: str
    cents: int
    kind: str


# What is left at the end: one of the two, by whether mutuality prevails.
_REST = frozenset({StepKey.INDIVISIBLE_RESERVE, StepKey.OTHER_RESERVES})


def drawn(surplus_cents: int, steps: Sequence[Step]) -> list[DrawnStep]:
    """Return the waterfall as the chart takes it: the surplus, what each step takes, the rest."""
    return [
        DrawnStep(_("Utile dell’esercizio"), "", surplus_cents, "start"),
        *(
            DrawnStep(
                step.name,
                step.article,
                step.amount_cents,
                "left" if step.key in _REST else "take",
            )
            for step in steps
            if step.amount_cents or step.key in _REST
        ),
    ]


def wizard(year: int, here: str, accounts: AnnualAccounts | None) -> dict[str, object]:
    """Return the named steps of the year, and which one this is."""
    labels = {
        "accounts": _("Conti"),
        "resolution": _("Delibera"),
        "claims": _("Soci"),
        "check": _("Controllo"),
        "refund": _("Ristorno"),
    }
    if accounts is None or sheet_kind(accounts.cooperative_id) is None:
        del labels["claims"]
    names = list(labels)
    place = names.index(here)
    final = accounts is not None and run_of(accounts) is not None
    return {
        "year": year,
        "steps": [
            {
                "label": labels[name],
                "url": "" if final else reverse(f"refunds:{name}", args=[year]),
                "state": "ok" if at < place else "here" if at == place else "todo",
            }
            for at, name in enumerate(names)
        ],
    }


def sheet_kind(cooperative_id: UUID) -> ExchangeKind | None:
    """Return what a cooperative's sheet tells, None where purchases tell enough or nobody knows."""
    try:
        kind = queries.exchange_kind(cooperative_id=cooperative_id)
    except errors.ExchangeUnknown:
        return None
    return None if kind is ExchangeKind.CONSUMER else kind


def accounts_or_step(request: MemberRequest, year: int) -> AnnualAccounts | HttpResponse:
    """Return the accounts that may still change, or lead to where the year stands."""
    accounts = queries.accounts_of(cooperative_id=own_cooperative(request), year=year)
    if accounts is None:
        return redirect("refunds:accounts", year)
    if run_of(accounts) is not None:
        return redirect("refunds:refund", year)
    return accounts


def run_or_404(request: MemberRequest, year: int) -> RefundRun:
    """Return the own cooperative's run of a year."""
    accounts = queries.accounts_of(cooperative_id=own_cooperative(request), year=year)
    run = run_of(accounts) if accounts else None
    if run is None:
        raise Http404
    return run


def run_of(accounts: AnnualAccounts) -> RefundRun | None:
    """Return the run of these accounts, None while their refund is not divided."""
    run: RefundRun | None = getattr(accounts, "run", None)
    return run


def own_cooperative(request: MemberRequest) -> UUID:
    """Return the cooperative that a manager acts for; another organisation has no such year."""
    node = request.actor.node_id
    assert node is not None
    if not registry.open_node_ids([node], kind="cooperative"):
        raise Http404
    return node


def check_over(year: int) -> None:
    """Answer 404 for a year that is not over."""
    if not 2000 <= year < timezone.localdate().year:
        raise Http404


def status_of(has_errors: object, status: int) -> int:
    """Return the answer of a form: 422 for what it refused itself."""
    return 422 if has_errors and status == 200 else status
