"""After an erasure everything still counts up, and the audit says who did it, of nobody."""

from pathlib import Path

import pytest
from django.utils import timezone

from reciproca.control_room.actions import refresh_sums, verify
from reciproca.control_room.audit import Asked, acts
from reciproca.erasure.tests.life import erase, live, settle
from reciproca.tills.tests.counter import make_counter
from reciproca.transparency import actions as transparency

pytestmark = pytest.mark.django_db


def test_whoever_is_erased_leaves_every_sum_as_it_was(tmp_path: Path) -> None:
    counter = make_counter()
    transparency.open_log(slug="valli")
    told = live(counter, tmp_path)
    settle(told.zenobia.id)
    by = counter.cast.olga.user.pk

    erase(told.zenobia.id, erased_by=by, paper="2026/14")

    refresh_sums()
    assert [verdict.name for verdict in verify(verified_at=timezone.now()) if not verdict.ok] == []
    [act] = acts(asked=Asked(kind="person-erased"), number=1)
    assert (act.by, act.word, act.about) == ("Olga Nardelli", "2026/14", "")
