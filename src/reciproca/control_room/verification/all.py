"""Every check there is, in the order in which they run, and what came of them."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproca.control_room.verification import (
    facts,
    ledger,
    obligations,
    pairs,
    purchases,
    runs,
    tills,
)
from reciproca.control_room.verification.base import Check, Faults, snapshot
from reciproca.shared.job_progress import StopNow
from reciproca.shared.progress import Progress, silent

logger = logging.getLogger(__name__)

MOST_FAULTS = 20

CHECKS = (
    Check(
        "units_sum_to_zero",
        gettext_lazy("Ogni unità si pareggia a zero"),
        ledger.units_sum_to_zero,
    ),
    Check(
        "accounts_equal_transfers",
        gettext_lazy("Ogni conto è la somma dei suoi movimenti"),
        ledger.accounts_equal_transfers,
    ),
    Check(
        "accounts_within_limits",
        gettext_lazy("Nessun conto è fuori dai suoi limiti"),
        ledger.accounts_within_limits,
    ),
    Check(
        "transfers_join_two_accounts",
        gettext_lazy("Ogni movimento unisce due conti della stessa unità"),
        ledger.transfers_join_two_accounts,
    ),
    Check(
        "facts_equal_transfers",
        gettext_lazy("Ogni fatto dice ciò che si è mosso"),
        facts.facts_equal_transfers,
    ),
    Check(
        "purchases_recomputed",
        gettext_lazy("Ogni acquisto, ricalcolato, torna"),
        purchases.purchases_recomputed,
    ),
    Check(
        "refund_runs_recomputed",
        gettext_lazy("Ogni ristorno, ricalcolato, torna al centesimo"),
        runs.refund_runs_recomputed,
    ),
    Check(
        "clearing_runs_recomputed",
        gettext_lazy("Ogni compensazione, ricalcolata, torna"),
        runs.clearing_runs_recomputed,
    ),
    Check(
        "obligations_equal_independent_count",
        gettext_lazy("Chi deve a chi, contato dai fatti"),
        obligations.obligations_equal_independent_count,
    ),
    Check(
        "month_totals_equal_purchases",
        gettext_lazy("Le somme dei mesi sono quelle degli acquisti"),
        purchases.month_totals_equal_purchases,
    ),
    Check(
        "pair_months_equal_transfers",
        gettext_lazy("Le somme fra due cooperative sono quelle dei movimenti"),
        pairs.pair_months_equal_transfers,
    ),
    Check(
        "closings_equal_sales",
        gettext_lazy("Le chiusure di cassa sono la somma delle vendite"),
        tills.closings_equal_sales,
    ),
    Check(
        "policies_equal_their_digest",
        gettext_lazy("I criteri sono il testo che la loro impronta nomina"),
        runs.policies_equal_their_digest,
    ),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: sentences about what is wrong, or one about what it looked at."""

    name: str
    ok: bool
    details: list[str]
    seconds: float

    def as_dict(self) -> dict[str, object]:
        return {"ok": self.ok, "details": self.details, "seconds": self.seconds}


def run_checks(*, checks: Sequence[Check] = CHECKS, progress: Progress = silent) -> list[Verdict]:
    """Run these checks on one snapshot of the database and return what each found."""
    with snapshot():
        return [_run(check, progress) for check in checks]


def _run(check: Check, progress: Progress) -> Verdict:
    started = time.monotonic()
    progress(check.name)
    faults, summary = _answer(check, progress)
    return Verdict(
        name=check.name,
        ok=not faults,
        details=faults or [summary],
        seconds=round(time.monotonic() - started, 2),
    )


def _answer(check: Check, progress: Progress) -> tuple[list[str], str]:
    """Return what a check found; one that cannot go on has failed, and the others go on."""
    try:
        # A savepoint: what the database refused to one is not refused to the next.
        with transaction.atomic():
            run = check.run(lambda done, total=0: progress(check.name, done, total))
            return _first(run, MOST_FAULTS)
    except (StopNow, OperationalError):
        raise
    except Exception as crash:
        logger.exception("check %s crashed", check.name)
        return [
            _("Il controllo si è fermato, e non dice se il resto torna: %(crash)s")
            % {"crash": f"{type(crash).__name__}: {crash}"}
        ], ""


def _first(faults: Faults, most: int) -> tuple[list[str], str]:
    """Return the first sentences and the summary; of many, the last says that there are more."""
    found: list[str] = []
    while True:
        try:
            sentence = next(faults)
        except StopIteration as end:
            return found, end.value
        if len(found) == most:
            faults.close()
            return [
                *found,
                _("… e altri ancora: questi sono i primi %(most)s.") % {"most": most},
            ], ""
        found.append(sentence)
