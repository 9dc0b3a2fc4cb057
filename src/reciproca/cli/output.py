"""What commands print: sentences for people, or one JSON object for programs."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

WANTS_JSON = "reciproca.wants_json"


def json_option(command: Command) -> Command:
    """Give a command `--json`; its function takes no argument for it (see `main.House`)."""
    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        help="Print one JSON object on standard output, and nothing else there.",
    )(command)


def wants_json() -> bool:
    """Tell whether the command that runs was called with `--json`."""
    ctx = click.get_current_context(silent=True)
    return bool(ctx and ctx.meta.get(WANTS_JSON))


def answer(result: dict[str, object], *, lines: Iterable[str] = ()) -> None:
    """
    Print what a command found: `result` as JSON, or `lines` for people.

    A result whose `ok` is false ends the program with 1, once it is printed.
    """
    if wants_json():
        print_json(result)
    else:
        for line in lines:
            click.echo(line)
    if not result.get("ok", True):
        sys.exit(1)


def print_json(result: Mapping[str, object]) -> None:
    """Print the one object that programs read."""
    click.echo(json.dumps(result, ensure_ascii=False, default=str))


def say(sentence: str) -> None:
    """Tell people what goes on: on standard error, out of the way of what programs read."""
    click.echo(sentence, err=True)


def print_no_more() -> None:
    """Drop what is still held back: it would be written, and refused, once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def refuse(*, code: str, message: str) -> NoReturn:
    """End the program with 1 and a refusal: a sentence on standard error, or JSON."""
    if wants_json():
        print_json({"ok": False, "code": code, "message": message})
    else:
        say(message)
    sys.exit(1)
