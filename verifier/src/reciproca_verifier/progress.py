"""How far a reading is, on one line of standard error; a line at its end where nobody watches."""

import sys
import time

from reciproca_verifier.words import sentence

_SECONDS_BETWEEN_DRAWINGS = 0.2


class Progress:
    """Called with entries read and of how many. A context manager, so that its line is ended."""

    def __init__(self, *, language: str) -> None:
        self._language = language
        self._watched = sys.stderr.isatty()
        self._line = ""
        self._drawn_at = 0.0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._line:
            sys.stderr.write(f"\r\033[K{self._line}\n" if self._watched else f"{self._line}\n")

    def __call__(self, done: int, total: int) -> None:
        """Show how far the reading is."""
        self._line = sentence("reading", self._language, done=done, total=total)
        if self._watched and time.monotonic() - self._drawn_at > _SECONDS_BETWEEN_DRAWINGS:
            self._drawn_at = time.monotonic()
            sys.stderr.write(f"\r\033[K{self._line}")
            sys.stderr.flush()
