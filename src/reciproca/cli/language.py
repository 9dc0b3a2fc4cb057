"""
The language of the terminal, decided here alone: Italian where its locale says so, else English.

Only `--help` and the words of a wrong call, which are click's, are English everywhere.
"""

import os
import re
from collections.abc import Mapping

import click

LOCALE_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order of POSIX: the first that says anything decides."""


def terminal_language(environment: Mapping[str, str]) -> str:
    """Return `it` or `en`, as the locale of the environment says."""
    said = next((environment[name] for name in LOCALE_NAMES if environment.get(name)), "")
    return "it" if re.split("[_.@]", said)[0].lower() == "it" else "en"


def wake_django() -> None:
    """Make Django ready; from then to its end the command that runs speaks the terminal's words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reciproca.settings.django")
    import django
    from django.utils.translation import override

    django.setup()
    ctx = click.get_current_context(silent=True)
    if ctx is not None:
        ctx.find_root().with_resource(override(terminal_language(os.environ)))
