"""`reciproca officer add`: somebody more in the control room, from the machine itself."""

import click
from django.conf import settings
from django.utils.translation import gettext as _

from reciproca.cli.house import open_house
from reciproca.cli.opening import sign_up_url
from reciproca.cli.output import answer, json_option


@click.group()
def command() -> None:
    """Who guides the federation, where the pages cannot help: its only officer cannot get in."""


@command.command()
@click.argument("email")
@click.option("--first-name", default="", help="Of somebody whom the registry does not know.")
@click.option("--last-name", default="", help="Of somebody whom the registry does not know.")
@json_option
def add(email: str, first_name: str, last_name: str) -> None:
    """
    Let the person of this e-mail address act for the federation.

    Whoever has signed in with it finds the role in the profile at once; anybody else signs up with
    it. The same call again changes nothing.
    """
    open_house(migrate=True)
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.utils import timezone

    from reciproca.registry import actions
    from reciproca.registry.forms import PersonIn

    try:
        validate_email(email)
    except ValidationError as mistake:
        raise click.BadParameter(mistake.messages[0], param_hint="EMAIL") from mistake
    added = actions.add_officer(
        officer=PersonIn(first_name=first_name, last_name=last_name, email=email),
        added_at=timezone.now(),
    )
    result: dict[str, object] = {
        "ok": True,
        "new": added.is_new,
        "officer_id": str(added.officer_id),
        "name": added.name,
        "signs_up": not added.has_login,
        "sign_up_url": "" if added.has_login else sign_up_url(email),
    }
    answer(result, lines=_lines(result, email=email))


def _lines(result: dict[str, object], *, email: str) -> list[str]:
    told = {**result, "email": email}
    first = (
        _("%(name)s ora è in cabina di regia.")
        if result["new"]
        else _("%(name)s era già in cabina di regia.")
    )
    if not result["signs_up"]:
        return [first % told, _("Entra come sempre e, dal profilo, cambia ruolo.")]
    lines = [first % told, _("Crea il suo accesso con %(email)s: %(sign_up_url)s") % told]
    if not settings.EMAIL_HOST:
        lines.append(
            _("Finché non c’è un server di posta il codice si legge dove gira `reciproca serve`.")
        )
    return lines
