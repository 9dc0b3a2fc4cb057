"""The list of commands, and what a refusal looks like on a terminal."""

import errno
import os
import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click
import psycopg
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import override

from reciproca.cli.language import terminal_language, wake_django
from reciproca.cli.output import WANTS_JSON, print_json, print_no_more, refuse, say, wants_json
from reciproca.postgres.programs import CannotRun
from reciproca.settings import SettingsWrong
from reciproca.shared.errors import DomainError

COMMANDS = {
    "demo": "reciproca.cli.demo",
    "open": "reciproca.cli.opening",
    "officer": "reciproca.cli.officer",
    "serve": "reciproca.cli.serve",
    "worker": "reciproca.cli.worker",
    "import": "reciproca.cli.imports",
    "year": "reciproca.cli.year",
    "verify": "reciproca.cli.verify",
    "log": "reciproca.cli.log",
    "witness": "reciproca.cli.witness",
    "rules": "reciproca.cli.rules",
    "ballots": "reciproca.cli.ballots",
    "doctor": "reciproca.cli.doctor",
    "backup": "reciproca.cli.backup",
    "restore": "reciproca.cli.restore",
    "manage": "reciproca.cli.manage",
    "web": "reciproca.cli.web",
}
"""Each module holds its click command as `command`; `--help` of one imports no other."""


class House(click.Group):
    """The commands by name; a refusal of any of them ends with code 1 and its sentence."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return [name for name, module in COMMANDS.items() if find_spec(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Before anything else: a call that is wrong in whatever way is told as it was asked for.
        ctx.meta[WANTS_JSON] = "--json" in args
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except OSError as trouble:
            # A reader that went away is click's to end in silence; here it is a full disk.
            if trouble.errno != errno.ENOSPC:
                raise
            with suppress(OSError, SettingsWrong):
                wake_django()
                with override(terminal_language(os.environ)):
                    say(_("Non si riesce a scrivere: %s.") % trouble.strerror)
            print_no_more()
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as mistake:
            if not wants_json():
                raise
            print_json({"ok": False, "code": "called-wrongly", "message": mistake.format_message()})
            ctx.exit(mistake.exit_code)
        except KeyboardInterrupt:
            wake_django()
            refuse(
                code="interrupted",
                message=_("Interrotto. Lo stesso comando si può lanciare di nuovo."),
            )
        except DomainError as refusal:
            refuse(code=refusal.code, message=str(refusal))
        except SettingsWrong as mistake:
            refuse(code="settings-wrong", message=str(mistake))
        except CannotRun as trouble:
            wake_django()
            refuse(code="cannot-run", message=str(trouble))
        except (OperationalError, psycopg.OperationalError) as trouble:
            refuse(
                code="database-unreachable",
                message=_("La base di dati non risponde: %s") % trouble,
            )


@click.command(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="reciproca")
def main() -> None:
    """Reciproca: the value a community creates stays in it."""
