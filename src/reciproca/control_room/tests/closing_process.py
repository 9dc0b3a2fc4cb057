"""
A process that closes the year 2025 of a test's database: `python -m … DATABASE KILL_AFTER`.

With KILL_AFTER above zero it dies, as in a power cut, before that many statements have been sent
to the database. It prints the steps of the close.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

os.environ["DJANGO_SETTINGS_MODULE"] = "reciproca.settings.testing"


def main(database: str, kill_after: int) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from django.db import connection

    from reciproca.control_room.tests.scenario import close

    with connection.execute_wrapper(_Countdown(kill_after)):
        print(json.dumps(close().steps, sort_keys=True))  # noqa: T201


class _Countdown:
    """Counts statements and kills the process when enough were sent."""

    def __init__(self, kill_after: int) -> None:
        self.left = kill_after

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
