"""The log's own loop: entries get their places within a second, and witnesses are asked."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, connections
from django.utils import timezone

from reciproca.shared.errors import DomainError
from reciproca.transparency import guarding
from reciproca.transparency.models import Log, Witness
from reciproca.transparency.sequencing import sequence
from reciproca.transparency.submitting import in_parallel, submit

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_COMPLAINTS = 60.0

logger = logging.getLogger(__name__)


def keep(*, stop: threading.Event, open_log: Callable[[], bool]) -> None:
    """
    Keep the log until told to stop; `open_log` opens it when it can be, and tells whether it is.

    A second one, in another worker, takes turns with this one. What goes wrong is logged and tried
    again.
    """
    guarded, complained_at = False, float("-inf")
    while not stop.is_set():
        try:
            if guarded or _opened_and_guarded(open_log):
                guarded = True
                sequence(at=timezone.now())
                submit(at=timezone.now())
        except (DatabaseError, DomainError, OSError) as trouble:
            guarded = guarded and not isinstance(trouble, DatabaseError)
            if time.monotonic() - complained_at > SECONDS_BETWEEN_COMPLAINTS:
                complained_at = time.monotonic()
                logger.error("the log waits: %s", trouble or type(trouble).__name__)
        finally:
            connections.close_all()
        stop.wait(SECONDS_BETWEEN_LOOKS)


def _opened_and_guarded(open_log: Callable[[], bool]) -> bool:
    if not open_log():
        return False
    check_witnesses()
    return True


def check_witnesses() -> bool:
    """Compare the log with what every witness has of it; tell whether that stopped it."""
    origin = Log.objects.get().origin
    witnesses = list(Witness.objects.order_by("id"))
    kept = zip(witnesses, in_parallel(witnesses, origin), strict=True)
    # All of them, also after one that stops the log: each is told.
    stops = [guarding.check(note, whence=witness.url) for witness, note in kept]
    return any(stops)
