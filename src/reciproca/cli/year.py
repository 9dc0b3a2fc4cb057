"""`reciproca year`: what the federation does with a whole year."""

from typing import Any

import click
from django.utils.translation import gettext as _

from reciproca.cli.bar import Bar
from reciproca.cli.house import open_house
from reciproca.cli.output import answer, json_option


@click.group()
def command() -> None:
    """Close a year."""


@command.command("close")
@click.argument("year", type=click.IntRange(1900, 2999))
@json_option
def close(year: int) -> None:
    """
    Close YEAR: end its credit, divide the refunds, net the debts, tell everybody.

    Closed again it answers the same and moves nothing; stopped halfway it goes on from there.
    """
    open_house()
    from django.utils import timezone

    from reciproca.control_room.actions import STEPS, close_year

    with Bar(titles=STEPS) as bar:
        closed = close_year(year=year, closed_by=None, closed_at=timezone.now(), progress=bar)
    result = figures(year, closed.steps)
    answer(result, lines=_lines(result))


def figures(year: int, steps: dict[str, Any]) -> dict[str, object]:
    """Return what scripts read of a close; amounts are whole cents."""
    refunds, clearing = steps["refunds"], steps["clearing"]
    return {
        "ok": True,
        "year": year,
        "steps": steps,
        "refunds_cents": refunds["refunds_cents"],
        "members_refunded": refunds["members_refunded"],
        "payments": clearing["payments"],
        "payments_cents": clearing["payments_cents"],
        "expired_cents": steps["expiry"]["expired_cents"],
        "cooperatives_without_accounts": [
            each["cooperative"] for each in refunds["cooperatives_without_accounts"]
        ],
        "refunds_refused": refunds["refused"],
    }


def _lines(result: dict[str, Any]) -> list[str]:
    from reciproca.web.words import count, euro

    missing = result["cooperatives_without_accounts"]
    lines = [
        _("Il %(year)s è chiuso.") % {"year": result["year"]},
        _("Ristorni: %(cents)s a %(members)s soci.")
        % {"cents": euro(result["refunds_cents"]), "members": count(result["members_refunded"])},
        _("Crediti scaduti: %(cents)s.") % {"cents": euro(result["expired_cents"])},
        _("Pagamenti fra cooperative: %(payments)s, per %(cents)s.")
        % {"payments": count(result["payments"]), "cents": euro(result["payments_cents"])},
    ]
    if missing:
        lines.append(
            _("Senza conti o delibera: %(names)s.") % {"names": ", ".join(sorted(missing))}
        )
    lines += [
        f"{refused['cooperative']}: {refused['message']}" for refused in result["refunds_refused"]
    ]
    return lines
