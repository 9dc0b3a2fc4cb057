"""`reciproca demo`: one year of an invented community, built, checked and served."""

import os
import time

import click

from reciproca.cli.bar import Bar
from reciproca.cli.house import migrate_once, open_house
from reciproca.cli.output import answer, json_option, say


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
    if not headless:
        from reciproca.cli.serve import refuse_taken_port

        refuse_taken_port(host=host, port=port)
    open_house(migrate=True)
    result = _built(started)
    answer(result, lines=_lines(result))
    if not headless:
        from reciproca.cli.serve import serve

        serve(host=host, port=port)


def _built(started: float) -> dict[str, object]:
    from dataclasses import asdict

    from django.utils import timezone

    from reciproca.control_room.actions import CHECKS
    from reciproca.demo import build as demo
    from reciproca.demo.figures import figures

    if demo.wipe_interrupted():
        say("The last building of the demo was interrupted: beginning anew.")
        migrate_once()
    now = timezone.now()
    titles = {**demo.STEPS, **{check.name: check.title for check in CHECKS}}
    with Bar(titles={name: str(title) for name, title in titles.items()}) as bar:
        build = demo.finished_build() or demo.build(
            year=demo.default_year(today=timezone.localdate()), now=now, progress=bar
        )
        found = figures(build=build, now=timezone.now(), progress=bar)
    seconds = round(time.monotonic() - started, 1)
    return {"ok": found.ok, "year": build.year, **asdict(found), "seconds": seconds}


def _lines(result: dict[str, object]) -> list[str]:
    from reciproca.web.words import count, euro

    def money(name: str) -> str:
        return euro(int(str(result[name])))

    def number(name: str) -> str:
        return count(int(str(result[name])))

    checks = result["checks"]
    assert isinstance(checks, dict)
    return [
        f"Comunità delle Tre Valli, anno {result['year']}",
        f"  {number('members')} persone, {number('cooperatives')} cooperative,"
        f" {number('purchases')} acquisti per {money('sales_cents')}",
        f"  tornati {money('value_back_cents')}: zero per cento trattenuto",
        f"  crediti spesi {money('credit_spent_cents')}, donati {money('gifts_cents')}",
        f"  ristorni ai soci {money('refunds_cents')}",
        f"  {number('payments_between_cooperatives')} pagamenti fra cooperative,"
        f" {money('payments_cents')}",
        *(f"  {'✓' if ok else '✗'} {name}" for name, ok in checks.items()),
    ]
