"""`reciproca log`: the transparency log, as its operator and as anybody outside sees it."""

import sys

import click

from reciproca.cli.house import open_house
from reciproca.cli.output import answer, json_option, refuse
from reciproca_verifier.main import main as verify_from_outside


@click.group()
def command() -> None:
    """The transparency log."""


@command.command()
@json_option
def info() -> None:
    """Tell where the log is read, its key and size, and who witnesses it."""
    open_house()
    from django.utils.translation import gettext as _

    from reciproca.control_room.transparency import open_the_log
    from reciproca.transparency import queries

    found = queries.info() if open_the_log() else None
    if found is None:
        refuse(code="log-not-open", message=_("Il registro pubblico si apre con la comunità."))
    answer(
        {
            "ok": True,
            "prefix": found.prefix,
            "origin": found.origin,
            "vkey": found.vkey,
            "vkeys": found.vkeys,
            "size": found.size,
            "witnesses": found.witnesses,
            "quorum": found.quorum,
            "stopped": found.stopped,
        },
        lines=[
            _("indirizzo  %s") % found.prefix,
            *(_("chiave     %s") % each for each in found.vkeys),
            _("voci       %s") % found.size,
            *(_("testimone  %s") % each for each in found.witnesses),
            _("ne servono %s") % found.quorum,
            *([_("FERMO: %s") % found.stopped] if found.stopped else []),
        ],
    )


@command.command()
@click.argument("url")
@click.argument("vkey")
@json_option
def witness(url: str, vkey: str) -> None:
    """Have the witness at URL, whose key is VKEY, cosign this log from now on."""
    open_house()
    from django.utils.translation import gettext as _

    from reciproca.transparency import actions

    actions.add_witness(url=url, vkey=vkey)
    answer({"ok": True, "url": url}, lines=[_("Da ora si chiede anche a %s.") % url])


@command.command()
@click.argument("url")
@json_option
def dismiss(url: str) -> None:
    """Ask the witness at URL no more; what it cosigned stays."""
    open_house()
    from django.utils.translation import gettext as _

    from reciproca.transparency import actions

    actions.dismiss_witness(url=url)
    answer({"ok": True, "url": url}, lines=[_("A %s non si chiede più.") % url])


@command.command()
@click.argument("witnesses", type=click.IntRange(min=0))
@json_option
def quorum(witnesses: int) -> None:
    """Call a head witnessed once so many WITNESSES cosigned it."""
    open_house()
    from django.utils.translation import gettext as _

    from reciproca.transparency import actions

    actions.set_quorum(witnesses=witnesses)
    answer({"ok": True, "quorum": witnesses}, lines=[_("Ne servono %s.") % witnesses])


@command.command()
@json_option
def resume() -> None:
    """Sign again, if the log now holds every head that was ever signed."""
    open_house()
    from django.utils.translation import gettext as _

    from reciproca.transparency import actions

    actions.resume_log()
    answer({"ok": True}, lines=[_("Il registro riprende.")])


@command.command(
    # What may be asked, and --help, is the verifier's own to say: it is the same program.
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Check a log, a proof, or both, over HTTP alone, like `reciproca-verify` (see its --help)."""
    sys.exit(verify_from_outside(arguments, program="reciproca log verify"))
