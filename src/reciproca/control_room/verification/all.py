"""Every check there is, in the order in which they run, and what came of them."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from threading import Event

from django.db import OperationalError, connection, transaction
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from reciproca.control_room.verification import (
    facts,
    ledger,
    months,
    obligations,
    pairs,
    purchases,
    redistributions,
    runs,
    tills,
)
from reciproca.control_room.verification.base import Check, Count, Faults, snapshot
from reciproca.shared.job_progress import StopNow
from reciproca.shared.progress import Progress, silent

logger = logging.getLogger(__name__)

MOST_FAULTS = 20
SIDE_BY_SIDE = 2
SECONDS_BETWEEN_LOOKS = 0.1

CHECKS = (
    Check(
        "units_sum_to_zero",
        gettext_lazy("Ogni unità si pareggia a zero"),
        ledger.units_sum_to_zero,
    ),
    Check(
        "accounts_equal_transfers",
        gettext_lazy("Ogni conto è la somma dei suoi movimenti"),
        months.accounts_equal_transfers,
    ),
    Check(
        "accounts_within_limits",
        gettext_lazy("Nessun conto è fuori dai suoi limiti"),
        ledger.accounts_within_limits,
    ),
    Check(
        "pending_equals_open_reservations",
        gettext_lazy("Ciò che è riservato è la somma delle riserve aperte"),
        ledger.pending_equals_open_reservations,
    ),
    Check(
        "transfers_join_two_accounts",
        gettext_lazy("Ogni movimento unisce due conti della stessa unità"),
        months.transfers_join_two_accounts,
    ),
    Check(
        "ids_are_unique",
        gettext_lazy("Ogni movimento ha un nome suo, nel suo mese"),
        months.ids_are_unique,
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
        "redistributions_recomputed",
        gettext_lazy("Ogni riparto, ricalcolato, torna al centesimo"),
        redistributions.redistributions_recomputed,
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
    """
    Run these checks on one snapshot of the database and return what each found.

    Two at a time: most of a check is the database's work. `progress` hears of one after the other.
    """
    with snapshot() as moment:
        if not moment:
            return [_run(check, partial(progress, check.name)) for check in checks]
        with Readers(moment) as readers:
            return [readers.verdict(begun, progress) for begun in [*map(readers.begin, checks)]]


@dataclass(slots=True)
class Begun:
    """A check that somebody else runs, and how far it is."""

    check: Check
    outcome: "Future[Verdict]"
    done: int = 0
    total: int = 0


class Stopped(Exception):
    """Nobody waits for this check any more."""


class Readers:
    """Threads that run checks, each on a connection of its own that sees the same moment."""

    def __init__(self, moment: str) -> None:
        self._moment, self._language = moment, get_language()
        self._stopped = Event()
        self._pool = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="verify")

    def __enter__(self) -> "Readers":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_more: object) -> None:
        if kind is not None:
            self._stopped.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def begin(self, check: Check) -> Begun:
        """Let a check run as soon as a thread is free."""
        begun = Begun(check, Future())
        begun.outcome = self._pool.submit(self._run, begun)
        return begun

    def verdict(self, begun: Begun, progress: Progress) -> Verdict:
        """Wait for a check, telling meanwhile how far it is."""
        progress(begun.check.name)
        while wait([begun.outcome], timeout=SECONDS_BETWEEN_LOOKS).not_done:
            progress(begun.check.name, begun.done, begun.total)
        return begun.outcome.result()

    def _run(self, begun: Begun) -> Verdict:
        def count(done: int, total: int = 0) -> None:
            if self._stopped.is_set():
                raise Stopped
            begun.done, begun.total = done, total

        try:
            with override(self._language), snapshot(self._moment):
                return _run(begun.check, count)
        finally:
            connection.close()


def _run(check: Check, count: Count) -> Verdict:
    started = time.monotonic()
    count(0)
    faults, summary = _answer(check, count)
    return Verdict(
        name=check.name,
        ok=not faults,
        details=faults or [summary],
        seconds=round(time.monotonic() - started, 2),
    )


def _answer(check: Check, count: Count) -> tuple[list[str], str]:
    """Return what a check found; one that cannot go on has failed, and the others go on."""
    try:
        # A savepoint: what the database refused to one is not refused to the next.
        with transaction.atomic():
            return _first(check.run(count), MOST_FAULTS)
    except (StopNow, Stopped, OperationalError):
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
