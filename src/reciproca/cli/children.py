"""Child processes that are kept alive, stopped together, and never outlive their parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from django.utils.translation import gettext as _

from reciproca.cli.output import say

SECONDS_TO_STOP = 20.0
SECONDS_BEFORE_AGAIN = 1.0
SECONDS_BETWEEN_LOOKS = 0.2


class Child:
    """One `reciproca` command that runs as long as we do: when it dies it is started again."""

    def __init__(self, *, name: str, arguments: Sequence[str]) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "reciproca", *arguments, "--child"]
        self._started_at = 0.0
        self._process = self._start()

    def look_after(self) -> None:
        """Start the process again if it has died, but not more often than once a second."""
        if self._process.poll() is None:
            return
        if time.monotonic() - self._started_at < SECONDS_BEFORE_AGAIN:
            return
        ended = {"name": self.name, "code": self._process.returncode}
        say(_("Il processo %(name)s è finito (%(code)s): riparte.") % ended)
        self._process = self._start()

    def tell_to_stop(self) -> None:
        """Ask the process to finish what it is doing and leave."""
        if self._process.poll() is None:
            self._process.terminate()

    def wait(self, *, until: float) -> None:
        """Wait for the end, until the monotonic clock says `until`; then end it."""
        try:
            self._process.wait(timeout=max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self._started_at = time.monotonic()
        # A session of its own: Ctrl-C reaches the parent alone, which stops the children in order.
        return subprocess.Popen(self._command, start_new_session=True, stdin=subprocess.DEVNULL)


def stop_all(children: Sequence[Child]) -> None:
    """Stop all children at the same time, and return when the last is gone."""
    for child in children:
        child.tell_to_stop()
    until = time.monotonic() + SECONDS_TO_STOP
    for child in children:
        child.wait(until=until)


def exit_with_parent() -> None:
    """Watch the parent from a thread: a child whose parent was killed stops by itself."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(SECONDS_TO_STOP)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="exit-with-parent", daemon=True).start()
