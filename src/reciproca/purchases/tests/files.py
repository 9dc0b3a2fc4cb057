"""Files of purchases for the tests, and the way in for them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from reciproca.imports import actions
from reciproca.imports.mapping import mapping_of
from reciproca.imports.models import Import
from reciproca.purchases.reading import PURCHASES

RECEIVED = datetime(2026, 6, 1, 10, tzinfo=UTC)
CREATING: dict[str, Any] = {
    "members": {"unknown": "create", "source": "till"},
    "sellers": {"unknown": "create", "source": "till", "rate_bp": 500},
}


def read(
    text: str | bytes, folder: Path, *, organisation_id: UUID | None = None, **mapping: Any
) -> Import:
    """Read a file of purchases; nothing is recorded."""
    path = folder / "acquisti.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    received = actions.receive_file(
        kind="purchases",
        file_name=path.name,
        size_bytes=path.stat().st_size,
        mapping=mapping_of(mapping),
        organisation_id=organisation_id,
        started_by=None,
        started_at=RECEIVED,
    )
    return actions.read_file(import_id=received.pk, reader=PURCHASES, path=path)


def check(text: str | bytes, folder: Path, **more: Any) -> Import:
    """Read a file and look what would happen."""
    found = read(text, folder, **more)
    return actions.check_rows(import_id=found.pk, reader=PURCHASES)


def bring_in(text: str | bytes, folder: Path, *, good_rows: bool = False, **more: Any) -> Import:
    """Bring a file in from beginning to end."""
    found = read(text, folder, **more)
    return actions.accept_rows(import_id=found.pk, reader=PURCHASES, takes_good_rows=good_rows)


def undo(done: Import) -> Import:
    """Take a file back."""
    return actions.undo_import(
        import_id=done.pk,
        reader=PURCHASES,
        reason="file sbagliato",
        undone_by=None,
        undone_at=datetime.now(UTC),
    )
