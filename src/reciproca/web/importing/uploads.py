"""
Files that people hand in through a page, kept in the data directory until they are recorded.

Web processes and workers share that directory. The bound is for pages; the command line has none.
"""

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reciproca.settings.reader import read_settings
from reciproca.shared.errors import DomainError

LARGEST_MB = 200
LARGEST_BYTES = LARGEST_MB * 1_000_000
LARGEST_UNPACKED_BYTES = 10 * LARGEST_BYTES
ROOM_FOR_THE_FORM = 1_000_000


class UploadTooLarge(DomainError):
    code = "upload-too-large"
    message = _(
        "Il file supera i %(limit)s MB che passano da questa pagina. Dividilo, comprimilo "
        "(.csv.gz), oppure chiedi a chi cura il sistema di importarlo dalla riga di comando."
    )
    status = 413


def refuse_large_request(request: HttpRequest) -> None:
    """
    Refuse a request by the size that it announces, before anything of it is read.

    Raises: UploadTooLarge.
    """
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdigit() and int(announced) > LARGEST_BYTES + ROOM_FOR_THE_FORM:
        raise UploadTooLarge(limit=LARGEST_MB)


def keep_upload(*, import_id: UUID, upload: "UploadedFile[Any]") -> Path:
    """Keep an uploaded file under the import's id, and return where."""
    path = kept_upload(import_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        for block in upload.chunks():
            out.write(block)
    return path


def kept_upload(import_id: UUID) -> Path:
    """Return where an import's file is kept; what is in it, its first bytes say."""
    return read_settings().data_dir / "imports" / str(import_id) / "file"


def forget_upload(import_id: UUID) -> None:
    """Delete an import's file, if it is still there."""
    shutil.rmtree(kept_upload(import_id).parent, ignore_errors=True)
