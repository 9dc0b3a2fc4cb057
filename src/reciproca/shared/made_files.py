"""Files that workers made for somebody: kept for a day, gone at once when a person is erased."""

from datetime import datetime, timedelta
from pathlib import Path

from reciproca.settings.reader import read_settings

KEPT = timedelta(days=1)


def folder() -> Path:
    """Return where they are."""
    return read_settings().data_dir / "files"


def forget_made_before(moment: datetime, /) -> None:
    """Delete the files that were made before a moment."""
    for path in folder().glob("*"):
        if path.stat().st_mtime < moment.timestamp():
            path.unlink(missing_ok=True)
