"""The command line as a person meets it: real processes on a data directory of their own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reciproca.cli.language import LOCALE_NAMES

NOT_INHERITED = ("DATABASE_URL", *LOCALE_NAMES)
"""Without a locale the terminal speaks English, whoever runs the tests."""

Reciproca = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of an installation with default settings and an empty directory."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RECIPROCA_", "DJANGO_")) and name not in NOT_INHERITED
    }
    return {**inherited, "RECIPROCA_DATA_DIR": str(tmp_path_factory.mktemp("house"))}


@pytest.fixture(scope="session")
def reciproca(environment: dict[str, str]) -> Reciproca:
    """Return what runs `reciproca …` to its end."""
    return command_line(environment)


def command_line(environment: dict[str, str]) -> Reciproca:
    """Return what runs `reciproca …` to its end in this environment, with nobody to ask."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "reciproca", *map(str, arguments)],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run
