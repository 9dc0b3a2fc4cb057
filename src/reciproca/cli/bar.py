"""A progress bar on standard error, or a line a step where nobody watches a terminal."""

import sys
import time
from collections.abc import Mapping
from types import TracebackType

from django.utils.functional import Promise

WIDTH = 28
SECONDS_BETWEEN_DRAWINGS = 0.1


class Bar:
    """
    Shows the progress of long work; it is a `shared.progress.Progress`.

    `titles` gives each step's key its words. Use it as a context manager, so that the last line is
    ended however the work ends.
    """

    def __init__(self, *, titles: Mapping[str, str | Promise] | None = None) -> None:
        self._titles = titles or {}
        self._terminal = sys.stderr.isatty()
        self._step = ""
        self._drawn_at = 0.0

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._terminal and self._step:
            sys.stderr.write("\n")

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Show how far the work is."""
        if step != self._step:
            self._begin(step)
        elif time.monotonic() - self._drawn_at < SECONDS_BETWEEN_DRAWINGS and done != total:
            return
        if self._terminal:
            self._draw(done, total)

    def _begin(self, step: str) -> None:
        if self._terminal and self._step:
            sys.stderr.write("\n")
        self._step = step
        if not self._terminal:
            sys.stderr.write(f"{self._title()}\n")
            sys.stderr.flush()

    def _draw(self, done: int, total: int) -> None:
        self._drawn_at = time.monotonic()
        share = min(done / total, 1.0) if total else 0.0
        full = round(share * WIDTH)
        bar = "█" * full + "░" * (WIDTH - full) if total else "…"
        count = f"{done:,} / {total:,}" if total else f"{done:,}" if done else ""
        sys.stderr.write(f"\r\033[K{self._title():<34.34} {bar} {count}")
        sys.stderr.flush()

    def _title(self) -> str:
        return str(self._titles.get(self._step, self._step))
