"""What workers do with a file: read and compare it, record it, take it back."""

from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.imports import actions, queries
from reciproca.imports.models import Import, State
from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind
from reciproca.registry.telling import OFFICE
from reciproca.shared.jobs import job
from reciproca.shared.progress import Progress
from reciproca.web.importing.readers import READERS
from reciproca.web.importing.uploads import LARGEST_UNPACKED_BYTES, forget_upload, kept_upload

READ, RECORD, UNDO = "imports.read", "imports.record", "imports.undo"
PREVIEWS_KEPT = timedelta(days=14)

READ_TO_END = kind(
    name="import-read", topic=OFFICE, sentence=_("Abbiamo letto “%(file)s”: ora puoi controllarlo.")
)
RECORDED = kind(
    name="import-recorded",
    topic=OFFICE,
    sentence=_("“%(file)s” è registrato: %(rows)s righe nuove."),
)
UNDONE = kind(name="import-undone", topic=OFFICE, sentence=_("“%(file)s” è annullato."))


@job(
    kind=READ,
    title=_("Lettura del file"),
    steps={
        "fingerprint": _("Riconosciamo il file"),
        "reading": _("Leggiamo le righe"),
        "checking": _("Le confrontiamo con quello che c’è"),
    },
)
def read(progress: Progress, *, import_id: str, person_id: str) -> dict[str, object]:
    """Read a file and compare it with what is known; begun anew it reads again."""
    found = _import(import_id)
    if found.state == State.READING:
        found = actions.read_file(
            import_id=found.pk,
            reader=READERS[found.kind],
            path=kept_upload(found.pk),
            most_bytes=LARGEST_UNPACKED_BYTES,
            progress=progress,
        )
    found = actions.check_rows(import_id=found.pk, reader=READERS[found.kind], progress=progress)
    _tell(found, person_id, READ_TO_END)
    return {"rows": found.row_count}


@job(kind=RECORD, title=_("Registrazione del file"), steps={"recording": _("Registriamo le righe")})
def record(
    progress: Progress, *, import_id: str, person_id: str, takes_good_rows: bool
) -> dict[str, object]:
    """Record what a file holds; begun anew it goes on where it was."""
    found = actions.accept_rows(
        import_id=UUID(import_id),
        reader=READERS[_import(import_id).kind],
        takes_good_rows=takes_good_rows,
        progress=progress,
    )
    forget_upload(found.pk)
    _tell(found, person_id, RECORDED)
    return {"accepted": found.accepted_count}


@job(kind=UNDO, title=_("Annullamento del file"), steps={"undoing": _("Movimenti contrari")})
def undo(
    progress: Progress, *, import_id: str, person_id: str, user_id: str, reason: str
) -> dict[str, object]:
    """Take back what a file brought in; begun anew it goes on where it was."""
    progress("undoing")
    found = actions.undo_import(
        import_id=UUID(import_id),
        reader=READERS[_import(import_id).kind],
        reason=reason,
        undone_by=UUID(user_id),
        undone_at=timezone.now(),
    )
    _tell(found, person_id, UNDONE)
    return {}


def forget_old_previews() -> None:
    """Give up files that nobody confirmed for two weeks."""
    for import_id in actions.give_up_old_previews(before=timezone.now() - PREVIEWS_KEPT):
        forget_upload(import_id)


def _import(import_id: str) -> Import:
    found = queries.find_import(import_id=UUID(import_id))
    assert found is not None, "a job is about an import that exists"
    return found


def _tell(found: Import, person_id: str, what: str) -> None:
    notices.tell(
        recipients=[UUID(person_id)],
        kind=what,
        params={"file": found.file_name, "rows": found.accepted_count},
        told_at=timezone.now(),
        url=reverse("imports:import", args=[found.pk]),
    )
