"""`reciproca open`: a real community begins."""

import sys
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

import click
from django.conf import settings
from django.utils.translation import gettext as _

from reciproca.cli.house import open_house
from reciproca.cli.output import answer, json_option

if TYPE_CHECKING:
    from reciproca.registry.page_forms import OpeningForm

NEEDED = ("community", "federation", "first_name", "last_name", "email")


@click.command()
@click.option("--community", help="The community's name, as people will read it.")
@click.option("--federation", help="The name of the federation that runs it.")
@click.option("--tax-code", help="The federation's tax code, if it is at hand.")
@click.option("--municipality", help="Where the federation has its seat, as in “Cles (TN)”.")
@click.option("--first-name", help="Of the federation's first officer.")
@click.option("--last-name", help="Of the federation's first officer.")
@click.option("--email", help="The officer's address; whoever reads its mail may sign up as them.")
@json_option
def command(**given: str | None) -> None:
    """
    Open the community of this database, once: its federation and its first officer.

    The officer signs up with that e-mail address and lets everybody else in from the pages. On a
    terminal what is missing is asked. The same call again changes nothing.
    """
    missing = [name for name in NEEDED if not given[name]]
    if missing and not sys.stdin.isatty():
        raise click.UsageError(f"Missing options: {', '.join(map(_option, missing))}.")
    open_house(migrate=True)
    from django.utils import timezone

    from reciproca.registry import actions, queries
    from reciproca.registry.page_forms import OpeningForm

    if missing:
        if queries.community():
            raise actions.CommunityAlreadyOpen
        given = _asked(given, OpeningForm())
    form = OpeningForm(given)
    for name, mistakes in form.errors.items():
        raise click.BadParameter(str(mistakes[0]), param_hint=_option(name))
    name, federation, officer = form.opening()
    opening = actions.open_with_officer(
        name=name, federation=federation, officer=officer, opened_at=timezone.now()
    )
    result: dict[str, object] = {
        "ok": True,
        "new": opening.is_new,
        "community": name,
        "federation_id": str(opening.federation_id),
        "officer_id": str(opening.officer_id),
        "sign_up_url": sign_up_url(officer.email),
    }
    answer(result, lines=_lines(result, email=officer.email))


def sign_up_url(email: str) -> str:
    """Return the address at which somebody makes the access of an e-mail address."""
    from django.urls import reverse

    query = urlencode({"email": email})
    return urljoin(settings.BASE_URL, f"{reverse('account_signup')}?{query}")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _asked(given: dict[str, str | None], form: "OpeningForm") -> dict[str, str | None]:
    """Ask on the terminal for what was not given; what is not valid is asked again."""
    return {name: given[name] or _answer_to(form, name) for name in form.fields}


def _answer_to(form: "OpeningForm", name: str) -> str:
    field = form.fields[name]

    def checked(text: str) -> str:
        mistakes = type(form)({name: text}).errors.get(name)
        if mistakes:
            raise click.UsageError(str(mistakes[0]))
        return text

    optional = "" if field.required else " " + _("(Invio se non serve)")
    default = None if field.required else ""
    text: str = click.prompt(
        f"{field.label}{optional}", default, show_default=False, value_proc=checked, err=True
    )
    return text


def _lines(result: dict[str, object], *, email: str) -> list[str]:
    told = {**result, "email": email}
    first = (
        _("“%(community)s” è aperta.")
        if result["new"]
        else _("“%(community)s” era già aperta così.")
    )
    mail = (
        _("Il codice per entrare arriva per e-mail.")
        if settings.EMAIL_HOST
        else _("Finché non c’è un server di posta il codice si legge dove gira `reciproca serve`.")
    )
    return [
        first % told,
        _("Chi la guida crea il suo accesso con %(email)s: %(sign_up_url)s") % told,
        mail,
    ]
