"""Opening the house: the database runs, Django is ready, the tables are there."""

import os

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from reciproca.cli.language import wake_django
from reciproca.cli.output import refuse, say
from reciproca.postgres.server import Server, exit_on_sigterm, join_until_exit
from reciproca.settings.database import DATABASE_NAME
from reciproca.settings.reader import read_settings

CONNECT_SECONDS = 5

MIGRATION_LOCK = 7_263_497
"""Any number, as long as it is always this one: processes that start together take turns."""


def open_house(*, migrate: bool = False) -> Server | None:
    """
    Start or join the database and make Django ready; return the embedded server, if it is ours.

    With `migrate` missing tables are made. Without, a database that is behind is refused.
    """
    server = open_as_it_is()
    if migrate:
        migrate_once()
    elif pending_migrations():
        refuse(
            code="migrations-pending",
            message=_(
                "La base di dati è più vecchia di questo programma: lancia"
                " `reciproca manage migrate`."
            ),
        )
    return server


def open_as_it_is() -> Server | None:
    """Make Django ready and start or join the database, whatever tables there are."""
    wake_django()
    return join_database()


def join_database() -> Server | None:
    """
    Start or join the embedded server and make its database; None with DATABASE_URL.

    Raises: psycopg.OperationalError, which says why the server that DATABASE_URL names does not
    answer; the pool's own error says only how long it waited.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reciproca.settings.django")
    exit_on_sigterm()
    if url := read_settings().database_url:
        psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()
        return None
    server = join_until_exit(data_dir=read_settings().data_dir)
    make_database(server)
    return server


def make_database(server: Server) -> None:
    """Make our database in the embedded server, once."""
    with psycopg.connect(
        host=str(server.paths.socket_dir), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME])
        if known.fetchone():
            return
        try:
            connection.execute(f"CREATE DATABASE {DATABASE_NAME}")
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            # Another process that started with us was quicker.
            return


def migrate_once() -> None:
    """Bring the tables up to date; processes that start together do it one after the other."""
    if not pending_migrations():
        return
    lock = connections["default"].copy()
    try:
        with lock.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            if pending_migrations():
                say(_("Si preparano le tabelle…"))
                call_command("migrate", interactive=False, verbosity=0)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    finally:
        lock.close()


def pending_migrations() -> int:
    """Return how many migrations the database still lacks."""
    executor = MigrationExecutor(connections["default"])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def close_connections() -> None:
    """Close every connection of this process, pooled ones too, before their server stops."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool:
            close_pool()
