from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _own_keys(settings: Settings, tmp_path: Path) -> None:
    """Give each test a folder of its own for keys: a log that is there already keeps its key."""
    settings.LOG_KEY_FILE = tmp_path / "log-key"
