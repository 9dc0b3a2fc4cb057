"""`reciproca doctor`: what runs where, and whether it is well."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy

from reciproca.cli.house import open_as_it_is, pending_migrations
from reciproca.cli.output import answer, json_option
from reciproca.postgres.server import Server
from reciproca.settings.reader import read_settings

OLDEST_SERVER = 160_000
LEAST_FREE_BYTES = 1_000_000_000
WORKER_SILENCE = timedelta(seconds=45)

TITLES = {
    "version": gettext_lazy("versione"),
    "data_dir": gettext_lazy("cartella dei dati"),
    "server": gettext_lazy("server"),
    "host": gettext_lazy("macchina del server"),
    "server_pid": gettext_lazy("processo del server"),
    "kept_running_by": gettext_lazy("tenuto acceso da"),
    "socket": gettext_lazy("socket"),
    "server_log": gettext_lazy("registro del server"),
    "server_version": gettext_lazy("versione di PostgreSQL"),
    "connections": gettext_lazy("connessioni"),
    "most_connections": gettext_lazy("connessioni al massimo"),
    "database_bytes": gettext_lazy("byte della base di dati"),
    "migrations_pending": gettext_lazy("migrazioni da fare"),
    "ledger_months_ahead": gettext_lazy("mesi pronti per i movimenti"),
    "address": gettext_lazy("indirizzo"),
    "workers_alive": gettext_lazy("lavoratori attivi"),
    "free_bytes": gettext_lazy("byte liberi su disco"),
}
"""What people read of the facts, in this order; the others serve programs and checks."""

VALUES = {
    "embedded": gettext_lazy("incorporato"),
    "external": gettext_lazy("esterno"),
    "another process": gettext_lazy("un altro processo"),
    "this command alone": gettext_lazy("questo comando soltanto"),
}

CHECKS = {
    "server is PostgreSQL 16 or newer": gettext_lazy("il server è PostgreSQL 16 o più recente"),
    "tables are up to date": gettext_lazy("le tabelle sono aggiornate"),
    "next month's transfers have a table": gettext_lazy(
        "i movimenti del prossimo mese hanno la loro tabella"
    ),
    "front end is built": gettext_lazy("le pagine hanno i loro file"),
    "a gigabyte of disk is free": gettext_lazy("c’è un gigabyte libero su disco"),
}


@click.command()
@json_option
def command() -> None:
    """Say what runs where and what is wrong; ends with 1 when something is."""
    was_running = _runs_already()
    server = open_as_it_is()
    facts = {
        "version": version("reciproca"),
        "data_dir": str(read_settings().data_dir),
        **_server_facts(server, was_running=was_running),
        **_database_facts(),
        **_other_facts(),
    }
    checks = _checks(facts)
    answer({"ok": all(checks.values()), **facts, "checks": checks}, lines=_lines(facts, checks))


def _lines(facts: dict[str, object], checks: dict[str, bool]) -> Iterator[str]:
    from reciproca.web.words import count

    for name, title in TITLES.items():
        if name in facts:
            value = facts[name]
            shown = count(value) if name.endswith("_bytes") and isinstance(value, int) else value
            yield f"{title!s:<26} {VALUES.get(str(shown), shown)}"
    for name, well in checks.items():
        yield f"{'✓' if well else '✗'} {CHECKS[name]}"


def _runs_already() -> bool:
    """Tell whether somebody else keeps the embedded server running."""
    settings_ = read_settings()
    return not settings_.database_url and Server(data_dir=settings_.data_dir).ready()


def _server_facts(server: Server | None, *, was_running: bool) -> dict[str, object]:
    if server is None:
        database = settings.DATABASES["default"]
        return {"server": "external", "host": database.get("HOST", "")}
    return {
        "server": "embedded",
        "server_pid": server.pid(),
        "kept_running_by": "another process" if was_running else "this command alone",
        "socket": str(server.paths.socket_dir),
        "server_log": str(server.paths.log),
    }


def _database_facts() -> dict[str, object]:
    from reciproca.ledger.months import months_ahead

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
            " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),"
            " pg_database_size(current_database()), current_setting('max_connections')::int"
        )
        number, name, connections, size, most = cursor.fetchone() or (0, "", 0, 0, 0)
    return {
        "server_version": name,
        "server_version_number": number,
        "connections": connections,
        "most_connections": most,
        "database_bytes": size,
        "migrations_pending": pending_migrations(),
        "ledger_months_ahead": months_ahead(),
    }


def _other_facts() -> dict[str, object]:
    assets = Path(settings.PACKAGE) / "web" / "assets" / "manifest.json"
    return {
        "address": settings.BASE_URL,
        "assets_built": assets.exists(),
        "workers_alive": _workers_alive(),
        "free_bytes": shutil.disk_usage(read_settings().data_dir).free,
    }


def _workers_alive() -> int:
    if "procrastinate_workers" not in connection.introspection.table_names():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %s",
            [timezone.now() - WORKER_SILENCE],
        )
        row = cursor.fetchone()
    return row[0] if row else 0


def _checks(facts: dict[str, object]) -> dict[str, bool]:
    number, free = facts["server_version_number"], facts["free_bytes"]
    months = facts["ledger_months_ahead"]
    assert isinstance(number, int)
    assert isinstance(months, int)
    assert isinstance(free, int)
    return {
        "server is PostgreSQL 16 or newer": number >= OLDEST_SERVER,
        "tables are up to date": facts["migrations_pending"] == 0,
        "next month's transfers have a table": months >= 1,
        "front end is built": facts["assets_built"] is True,
        "a gigabyte of disk is free": free >= LEAST_FREE_BYTES,
    }
