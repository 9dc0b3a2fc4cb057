"""`reciproca demo`: one year of an invented community, built, checked and served."""

import os
import time

import click
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from reciproca.cli.bar import Bar
from reciproca.cli.house import migrate_once, open_house
from reciproca.cli.language import wake_django
from reciproca.cli.output import answer, json_option, say

WITNESSES = 2


@click.command()
@click.option("--headless", is_flag=True, help="Build and check, but serve nothing.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@json_option
def command(headless: bool, host: str, port: int) -> None:
    """
    Build a believable community of Alpine valleys, print its year's figures and serve it.

    The second time the community is there already: it is checked and served. A building that was
    interrupted is begun anew. Where real data are, the demo is refused.
    """
    started = time.monotonic()
    os.environ["RECIPROCA_DEMO_MODE"] = "true"
    wake_django()
    if not headless:
        from reciproca.cli.serve import refuse_taken_port

        refuse_taken_port(host=host, port=port)
    open_house(migrate=True)
    result = _built(started)
    answer(result, lines=_lines(result))
    if not headless:
        from reciproca.cli.serve import serve

        serve(host=host, port=port, beside=_witnesses())


def _witnesses() -> list[list[str]]:
    """
    Have two witnesses cosign the demo's log, and return the commands that serve them.

    In life other cooperatives run them; here they make a quorum that is real, on this machine.
    """
    import socket

    from reciproca.demo.build import witnesses_dir
    from reciproca.transparency import actions, keys, queries
    from reciproca.transparency.rules import notes
    from reciproca.transparency.witness import Store

    log = queries.info()
    assert log is not None
    commands = []
    for number in range(1, WITNESSES + 1):
        folder = witnesses_dir() / str(number)
        name = f"demo.example/witness-{number}"
        signer = keys.make_key(folder / "witness-key", name=name, algorithm=notes.COSIGNATURE)
        store = Store(folder / "witness.sqlite3")
        for vkey in log.vkeys:
            store.let_in(notes.read_verifier(vkey))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        actions.add_witness(url=f"http://127.0.0.1:{port}", vkey=str(signer.verifier))
        commands.append(["witness", "serve", "--dir", str(folder), "--port", port])
    actions.set_quorum(witnesses=WITNESSES)
    return commands


def _built(started: float) -> dict[str, object]:
    from dataclasses import asdict

    from django.utils import timezone

    from reciproca.demo import build as demo
    from reciproca.demo.figures import figures

    if demo.wipe_interrupted():
        say(_("L’ultima costruzione della demo è stata interrotta: si ricomincia da capo."))
        migrate_once()
    now = timezone.now()
    titles: dict[str, str | Promise] = {**demo.STEPS, **_check_titles()}
    with Bar(titles=titles) as bar:
        build = demo.finished_build() or demo.build(
            year=demo.default_year(today=timezone.localdate()), now=now, progress=bar
        )
        found = figures(build=build, now=timezone.now(), progress=bar)
    seconds = round(time.monotonic() - started, 1)
    return {"ok": found.ok, "year": build.year, **asdict(found), "seconds": seconds}


def _lines(result: dict[str, object]) -> list[str]:
    from reciproca.demo.founding import NAME
    from reciproca.web.words import count, euro

    told = {
        name: euro(value) if name.endswith("_cents") else count(value)
        for name, value in result.items()
        if isinstance(value, int)
    }
    told |= {"name": NAME, "year": str(result["year"])}
    titles, checks = _check_titles(), result["checks"]
    assert isinstance(checks, dict)
    return [
        _("%(name)s, anno %(year)s") % told,
        "  "
        + _(
            "%(members)s persone, %(cooperatives)s cooperative, %(purchases)s acquisti per"
            " %(sales_cents)s"
        )
        % told,
        "  " + _("tornati %(value_back_cents)s: zero per cento trattenuto") % told,
        "  " + _("crediti spesi %(credit_spent_cents)s, donati %(gifts_cents)s") % told,
        "  " + _("ristorni ai soci %(refunds_cents)s") % told,
        "  "
        + _("%(payments_between_cooperatives)s pagamenti fra cooperative, %(payments_cents)s")
        % told,
        *(f"  {'✓' if ok else '✗'} {titles[name]}" for name, ok in checks.items()),
    ]


def _check_titles() -> dict[str, str]:
    from reciproca.control_room.actions import CHECKS

    return {check.name: str(check.title) for check in CHECKS}
