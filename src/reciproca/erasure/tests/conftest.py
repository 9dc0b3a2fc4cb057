"""A community with a till and a log, and somebody who has lived in it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache

from reciproca.erasure.remembering import list_path
from reciproca.erasure.tests.life import NAME, Told, live
from reciproca.shared.made_files import folder
from reciproca.tills.tests.counter import Counter, make_counter
from reciproca.transparency import actions as transparency
from reciproca.transparency.models import Log


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def own_list() -> Iterator[None]:
    """The list of erased people outlives the database on purpose, but not a test."""
    yield
    list_path().unlink(missing_ok=True)


@pytest.fixture
def counter() -> Counter:
    return make_counter()


@pytest.fixture
def log(counter: Counter) -> Log:
    return transparency.open_log(slug="valli")


@pytest.fixture
def told(counter: Counter, log: Log, tmp_path: Path) -> Told:
    return live(counter, tmp_path)


@pytest.fixture
def list_taken(told: Told) -> Iterator[Path]:
    """A list with her name that somebody took today and did not fetch yet."""
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / str(uuid4())
    path.write_text(f"1;{NAME}\n")
    yield path
    path.unlink(missing_ok=True)
