"""Worked examples of cancellations."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from reciproca.market.rules import CancellationStep, cancelled
from reciproca.shared.worked_examples import Adapter, ExampleUnreadable, Part


def cancellation(given: Part) -> object:
    """Say for each case what comes back and what is kept."""
    policy = [
        CancellationStep(step.at("hours_before").whole(), step.at("refund").fraction())
        for step in given.at("policy").each()
    ]
    return [
        cancelled(
            policy=policy,
            starts_at=_moment(case.at("start")),
            cancelled_at=_moment(case.at("cancelled_at")),
            paid_cents=case.at("paid_cents").not_negative(),
        )._asdict()
        for case in given.at("cases").each()
    ]


def _moment(part: Part) -> datetime:
    try:
        told = datetime.fromisoformat(part.text())
    except ValueError as mistake:
        wanted = _("un momento come 2026-10-05T10:00")
        raise ExampleUnreadable(where=part.where, wanted=wanted) from mistake
    # A case without a zone is told by one clock on the wall, which both of its moments read.
    return told.replace(tzinfo=None)


ADAPTERS = {"cancellation": Adapter(cancellation)}
