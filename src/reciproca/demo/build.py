"""Building the demo: the whole loop over one year, through the actions of real use."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import rmtree

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.control_room import actions as control_room
from reciproca.control_room.transparency import open_the_log
from reciproca.demo import closing, deciding, founding, living
from reciproca.demo.founding import Nodes
from reciproca.demo.models import Build
from reciproca.demo.people import PEOPLE, PersonPlan
from reciproca.demo.plan import plan_community
from reciproca.demo.year import PURCHASES
from reciproca.registry import actions as registry
from reciproca.registry.models import Node, User
from reciproca.shared.errors import DomainError
from reciproca.shared.progress import Progress, silent
from reciproca.transparency import actions as transparency

STEPS = {
    "plan": _("Si immagina la comunità"),
    "organisations": _("Entrano le cooperative"),
    "people": _("Entrano le persone"),
    "registers": _("Libri soci e incarichi"),
    "policy": _("I criteri e gli impegni"),
    "purchases": _("Un anno di acquisti"),
    "accounts": _("Bilanci e delibere"),
    **control_room.STEPS,
    "logins": _("Chi può mostrare la casa"),
    "decisions": _("Che cosa si decide insieme"),
    "log": _("Il registro pubblico"),
}
# Assemblies approve accounts by the end of June: before July the demo shows the year before.
ASSEMBLIES_ARE_OVER = timedelta(days=181)


class NotADemo(DomainError):
    code = "not-a-demo"
    message = _(
        "Questa base di dati contiene già una comunità. La demo vuole il suo posto: scegli un’altra"
        " cartella con RECIPROCA_DATA_DIR, o un’altra DATABASE_URL."
    )


@dataclass(frozen=True, slots=True)
class Size:
    """How large the invented community is; smaller ones serve tests."""

    people: int = PEOPLE
    purchases: int = PURCHASES


def default_year(*, today: date) -> int:
    """Return the last year whose accounts every assembly has approved by now."""
    return (today - ASSEMBLIES_ARE_OVER).year - 1


def finished_build() -> Build | None:
    """
    Return the demo that this database holds whole, None where one can be built.

    Raises: NotADemo, where somebody's real data are.
    """
    build = Build.objects.first()
    if build is None and Node.objects.exists():
        raise NotADemo
    return build if build and build.finished_at else None


def wipe_interrupted() -> bool:
    """Empty a database in which the building of a demo was interrupted; tell whether it was."""
    build = Build.objects.first()
    if build is None or build.finished_at:
        return False
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    return True


def build(
    *, year: int, now: datetime, size: Size | None = None, progress: Progress = silent
) -> Build:
    """
    Build the demo in an empty database and return what tells that it is whole.

    Raises: NotADemo, and whatever the actions it calls refuse.
    """
    size = size or Size()
    started = time.monotonic()
    if finished_build() or Build.objects.exists():
        raise NotADemo
    Build.objects.create(year=year, begun_at=now)
    _begin_log()
    progress("plan")
    plan = plan_community(people_count=size.people)
    with _nothing_of_it_is_garbage():
        nodes = founding.found(plan=plan, year=year, now=now, progress=progress)
        living.live(
            habits=plan.habits, nodes=nodes, year=year, count=size.purchases, progress=progress
        )
        closing.close(plan=plan, nodes=nodes, year=year, now=now, progress=progress)
    progress("logins")
    _logins(plan.people, nodes, now)
    progress("decisions")
    deciding.decide(nodes=nodes, year=year, now=now)
    progress("log")
    open_the_log()
    transparency.sequence(at=now)
    Build.objects.update(finished_at=timezone.now(), seconds=round(time.monotonic() - started, 1))
    return Build.objects.get()


def witnesses_dir() -> Path:
    """Return where the demo's own witnesses keep their keys and what they cosigned."""
    return Path(settings.DATA_DIR) / "demo-witnesses"


def _begin_log() -> None:
    """Forget the log of a demo that was here before: nobody but its own witnesses has seen it."""
    transparency.forget_head()
    rmtree(witnesses_dir(), ignore_errors=True)


@contextmanager
def _nothing_of_it_is_garbage() -> Iterator[None]:
    """
    Keep what there is out of the search for garbage: a plan is a million small things that stay.

    Looking through them over and over, in each of the year's hands too, cost a fifth of the year.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _logins(people: tuple[PersonPlan, ...], nodes: Nodes, now: datetime) -> None:
    """Give each persona a login without a password: only the demo's own door opens it."""
    for person, node in zip(people, nodes.people, strict=True):
        if person.persona is None:
            continue
        user = User.objects.create_user(person.email)
        EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
        bound = registry.bind_user(user_id=user.id, verified_email=person.email, bound_at=now)
        assert bound == node, person.email
