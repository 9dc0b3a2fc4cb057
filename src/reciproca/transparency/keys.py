"""Keys that sign, kept in files that their owner alone reads and the database never holds."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reciproca.settings.reader import write_once
from reciproca.shared.errors import DomainError
from reciproca.transparency.rules import notes
from reciproca.transparency.rules.notes import NoteMalformed, Signer


class KeyMissing(DomainError):
    code = "log-key-missing"
    message = _(
        "Manca la chiave del registro pubblico (%(path)s): rimettila dalla sua copia. Senza, niente"
        " si può firmare; con una nuova nascerebbe un altro registro."
    )


class KeyUnreadable(DomainError):
    code = "log-key-unreadable"
    message = _("La chiave in %(path)s non si legge: %(trouble)s.")


def key_path() -> Path:
    """Return the file that holds the log's keys."""
    return Path(settings.LOG_KEY_FILE)


def signers(path: Path) -> list[Signer]:
    """
    Return the keys of a file, one a line; the first is the one that is told.

    Raises: KeyMissing, KeyUnreadable.
    """
    try:
        lines = path.read_text().splitlines()
        found = [notes.read_signer(line) for line in lines if line.strip()]
    except FileNotFoundError as missing:
        raise KeyMissing(path=path) from missing
    except (OSError, NoteMalformed, UnicodeDecodeError) as trouble:
        raise KeyUnreadable(path=path, trouble=trouble) from trouble
    if not found:
        raise KeyMissing(path=path)
    return found


def make_key(path: Path, *, name: str, algorithm: int) -> Signer:
    """Make a key and keep it, once: of two processes that begin together both get the one kept."""
    write_once(path, notes.new_signer(name=name, algorithm=algorithm).written() + "\n")
    return signers(path)[0]
