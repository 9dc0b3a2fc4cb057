"""
A file that takes long to make: a worker makes it while a page says how far it is.

The worker asks for the very address that was asked for, on behalf of who asked; what comes back is
kept for a day, for them alone.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind
from reciproca.registry.telling import OFFICE
from reciproca.shared.ids import uuid7
from reciproca.shared.jobs import job, start_job
from reciproca.shared.made_files import KEPT, folder, forget_made_before
from reciproca.shared.models import Job, JobState
from reciproca.shared.progress import Progress
from reciproca.shared.types import Actor, MemberRequest

FILE = "web.file"
MOST_AT_ONCE = 30_000
"""Above so many rows a workbook or a PDF is made by a worker: it takes more than ten seconds."""

READY = kind(
    name="file-ready",
    topic=OFFICE,
    sentence=_("“%(file)s” è pronto: puoi scaricarlo fino a domani."),
)

Row = TypeVar("Row")


class WorkersRequest(MemberRequest):
    """What a worker asks in place of who asked: the same address, with time for the answer."""

    progress: Progress


def makes_later(request: MemberRequest, *, row_count: int) -> bool:
    """Tell whether a file of so many rows is left to a worker."""
    return row_count > MOST_AT_ONCE and not isinstance(request, WorkersRequest)


def make_later(request: MemberRequest, *, title: str) -> HttpResponse:
    """Let a worker make what was asked for, and lead to the page that waits for it."""
    address, actor = request.get_full_path(), in_words(request.actor)
    asked = [address, *actor.values(), get_language(), timezone.localdate()]
    started = start_job(
        kind=FILE,
        title=title,
        args={"address": address, "title": title, "actor": actor, "file_id": str(uuid7())},
        started_by=request.actor.user_id,
        # Whoever asks twice waits for the same file.
        subject=str(uuid5(NAMESPACE_URL, " ".join(map(str, asked)))),
    )
    return redirect("lists:later", started.pk)


def told(request: MemberRequest, rows: Iterable[Row], *, row_count: int) -> Iterator[Row]:
    """Yield rows; where a worker writes them, its page sees how many are written."""
    for number, row in enumerate(rows):
        if isinstance(request, WorkersRequest):
            request.progress("writing", number, row_count)
        yield row


@job(kind=FILE, title=_("Preparazione di un file"), steps={"writing": _("Scriviamo le righe")})
def make_file(
    progress: Progress, *, address: str, title: str, actor: dict[str, str | None], file_id: str
) -> dict[str, object]:
    """Make a file and keep it; begun anew it is made again."""
    progress("writing")
    who = _actor(actor)
    answer = _answer(progress, address, who)
    path = _path(file_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(answer.getvalue())
    if who.person_id:
        own = Job.objects.get(kind=FILE, args__file_id=file_id)
        notices.tell(
            recipients=[who.person_id],
            kind=READY,
            params={"file": title},
            told_at=timezone.now(),
            url=reverse("lists:later", args=[own.pk]),
        )
    return {
        "headers": {name: answer[name] for name in ("Content-Type", "Content-Disposition")},
    }


def own_file_job(*, job_id: UUID, actor: Actor) -> Job | None:
    """Return what somebody asked for in the very role that they are in now, None for others'."""
    return Job.objects.filter(
        pk=job_id, kind=FILE, started_by=actor.user_id, args__actor=in_words(actor)
    ).first()


def kept_file(made: Job) -> Path | None:
    """Return where the file of a job is, None before it is made and after its day."""
    path = _path(str(made.args["file_id"]))
    # Until its job is done it may be half written.
    return path if made.state == JobState.DONE and path.exists() else None


def forget_old_files() -> None:
    """Delete what was made more than a day ago."""
    forget_made_before(timezone.now() - KEPT)


def _answer(progress: Progress, address: str, actor: Actor) -> Any:
    asked = urlsplit(address)
    request = WorkersRequest()
    request.method, request.path, request.path_info = "GET", asked.path, asked.path
    request.GET = QueryDict(asked.query)
    request.actor, request.progress = actor, progress
    found = resolve(asked.path)
    answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    if answer.status_code != 200:
        raise Http404(address)
    return answer


def in_words(actor: Actor) -> dict[str, str | None]:
    """Return who asks as a job keeps it."""
    ids = {"user_id": actor.user_id, "person_id": actor.person_id, "node_id": actor.node_id}
    told_of = {name: str(each) if each else None for name, each in ids.items()}
    return {**told_of, "role": actor.role}


def _actor(told_of: dict[str, Any]) -> Actor:
    ids = {name: told_of[name] and UUID(told_of[name]) for name in told_of if name != "role"}
    return Actor(role=told_of["role"], **ids)


def _path(file_id: str) -> Path:
    return folder() / file_id
