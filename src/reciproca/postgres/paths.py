"""Where the files of an embedded server live. Nothing here touches the disk."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

MAJOR_VERSION = 18

LONGEST_SOCKET_DIR = 75
"""Bytes. A socket's whole path may have 107; `/.s.PGSQL.5432.lock` takes 19 of them."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders and files of one embedded server."""

    data: Path
    socket_dir: Path
    log: Path
    start_lock: Path
    users_lock: Path

    @classmethod
    def within(cls, data_dir: Path) -> "Paths":
        """Return the paths of the server that belongs to `data_dir`."""
        home = Path(data_dir).expanduser().absolute() / "postgres"
        return cls(
            data=home / str(MAJOR_VERSION),
            socket_dir=_socket_dir(home),
            log=home / "server.log",
            start_lock=home / "start.lock",
            users_lock=home / "users.lock",
        )

    @property
    def pid_file(self) -> Path:
        """Return the file in which a running server says who and how it is."""
        return self.data / "postmaster.pid"


def _socket_dir(home: Path) -> Path:
    """
    Return the socket's folder: beside the data, or a short one where that path cannot serve.

    It is too long for a socket, or has a comma, at which clients believe another host begins.
    """
    beside = home / "run"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIR and "," not in str(beside):
        return beside
    short = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"reciproca-{os.getuid()}-{short}"
