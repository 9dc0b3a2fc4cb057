"""Where the database is: the server that DATABASE_URL names, else the embedded one."""

from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from reciproca.postgres.paths import Paths
from reciproca.settings import SettingsWrong
from reciproca.settings.reader import Settings

DATABASE_NAME = "reciproca"


def database(settings: Settings) -> dict[str, Any]:
    """
    Return Django's description of the database; nothing is started or reached.

    Raises: SettingsWrong.
    """
    if settings.database_url:
        info = _named(settings.database_url)
    else:
        info = {
            "host": str(Paths.within(settings.data_dir).socket_dir),
            "user": "postgres",
            "dbname": DATABASE_NAME,
        }
    known = {key: info.pop(key, None) for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "reciproca.postgres.backend",
        **{
            ("NAME" if key == "dbname" else key.upper()): str(value)
            for key, value in known.items()
            if value is not None
        },
        # The pool keeps connections open between requests; Django must not do so as well.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **info,
            "pool": {
                "min_size": settings.pool_min_size,
                "max_size": settings.pool_max_size,
                "timeout": settings.pool_timeout_seconds,
            },
        },
    }


def _named(url: str) -> dict[str, Any]:
    """Return what DATABASE_URL says; a refusal does not repeat it, for it may hold a password."""
    try:
        info = conninfo_to_dict(url)
    except ProgrammingError:
        info = {}
    if not info.get("dbname"):
        raise SettingsWrong(
            "DATABASE_URL: write it as postgresql://user:password@host:5432/database."
        )
    return info
