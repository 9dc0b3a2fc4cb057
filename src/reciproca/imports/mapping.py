"""
What a file's columns mean: a mapping in TOML, or made on the page.

The generic part is here; what only one room's rows need (how unknown members are made, say) is
validated by the model that the room's reader hands in.

Source: docs/data-import.md
"""

import json
import tomllib
from collections.abc import Mapping as AnyMapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from reciproca.shared.errors import DomainError

LARGEST_MAPPING_BYTES = 256 * 1024
NEVER_IN_TEXT = "\\u0000"
"""As JSON writes the one character that the database keeps in no text."""
ANY_MOMENT = datetime(2026, 12, 31, 10, 20, 30, tzinfo=UTC)

Model = TypeVar("Model", bound=BaseModel)


class MappingRefused(DomainError):
    """A mapping that cannot be used; `problems` name each key and what to write."""

    code = "mapping-refused"
    message = gettext_lazy("La mappatura è da correggere. %(problems)s")
    status = 422


class KindDiffers(DomainError):
    code = "mapping-kind-differs"
    message = gettext_lazy("Questa mappatura è per “%(kind)s”, qui serve “%(wanted)s”.")
    status = 422


class Strict(BaseModel):
    """Unknown keys are refused: a misspelt one would otherwise be silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class FileOptions(Strict):
    """
    How the file is written; what is None is found out from the file.

    `header` names the columns of a file that has no row of names.
    """

    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-1"] | None = None
    separator: Literal[",", ";", "\t", "|"] | None = None
    sheet: str | None = None
    header: tuple[str, ...] = ()
    decimal_mark: Literal[",", "."] | None = None
    thousands_mark: Literal["", ".", ",", " ", "'"] | None = None
    money: Literal["units", "cents"] = "units"
    date_format: str | None = None
    timezone: str = "Europe/Rome"

    # A tab that is stripped from a text is no separator any more.
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(_("non è un fuso orario, per esempio “Europe/Rome”")) from error
        return name

    @field_validator("date_format")
    @classmethod
    def _writes_whole_days(cls, form: str | None) -> str | None:
        try:
            is_whole = not form or _written_and_read(form).date() == ANY_MOMENT.date()
        except ValueError:
            is_whole = False
        if not is_whole:
            raise ValueError(_("non dice un giorno intero, come fa “%d.%m.%Y”"))
        return form

    @model_validator(mode="after")
    def _marks_differ(self) -> "FileOptions":
        if self.decimal_mark and self.decimal_mark == self.thousands_mark:
            raise ValueError(_("il segno dei decimali e quello delle migliaia sono lo stesso"))
        return self


class Grouping(Strict):
    """One fact a row, or one for all the rows that share a value in `column`."""

    by: Literal["line", "basket"] = "line"
    column: str = ""


class Mapping(BaseModel):
    """
    A whole mapping.

    `columns` gives the file's column for each of our fields, `constants` what a field is in every
    row of a file that has no column for it, `values` how the file's words translate into ours.
    Keys that are not named here belong to the room (`room_options`).
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str = ""
    title: str = ""
    file: FileOptions = FileOptions()
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    grouping: Grouping = Grouping()

    @property
    def room_options(self) -> dict[str, Any]:
        """Return the keys that the room's own model validates."""
        return dict(self.model_extra or {})


def read_mapping(text: str) -> Mapping:
    """
    Return the mapping that a TOML text describes.

    Raises: MappingRefused.
    """
    try:
        told = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Besides what is no TOML: numbers of thousands of digits, lists in lists without end.
        problem = _("Il file non è TOML valido (%(where)s).") % {"where": error}
        raise MappingRefused(problems=problem) from error
    if NEVER_IN_TEXT in json.dumps(told, default=str):
        raise MappingRefused(problems=_("Un testo contiene il carattere \\u0000: toglilo."))
    return mapping_of(told)


def load_mapping(path: Path) -> Mapping:
    """
    Return the mapping in a TOML file.

    Raises: MappingRefused.
    """
    data = path.read_bytes()
    if len(data) > LARGEST_MAPPING_BYTES:
        raise MappingRefused(problems=_("Il file è troppo lungo per essere una mappatura."))
    try:
        return read_mapping(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise MappingRefused(problems=_("Il file non è scritto in UTF-8.")) from error


def mapping_of(told: AnyMapping[str, Any]) -> Mapping:
    """
    Return the mapping that a dictionary describes.

    Raises: MappingRefused.
    """
    return validated(Mapping, told)


def validated(model: type[Model], told: AnyMapping[str, Any], *, within: str = "") -> Model:
    """
    Return `told` as `model`, or refuse with a sentence for each key that is wrong.

    Raises: MappingRefused.
    """
    try:
        return model.model_validate(dict(told))
    except ValidationError as error:
        known = known_keys(model)
        problems = [_sentence(problem, known, within) for problem in error.errors()]
        raise MappingRefused(problems=" ".join(problems)) from error


def known_keys(model: type[BaseModel]) -> list[str]:
    """Return the names of a model's keys and of the tables within it."""
    names = []
    for name, field in model.model_fields.items():
        names.append(name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            names += known_keys(field.annotation)
    return names


def _sentence(problem: Any, known: list[str], within: str) -> str:
    where = ".".join(str(part) for part in problem["loc"]) or within
    kind = problem["type"]
    if kind == "extra_forbidden":
        return _unknown_key(where, str(problem["loc"][-1]), known)
    if kind == "missing":
        return _("Manca “%(key)s”.") % {"key": where}
    if kind == "literal_error":
        wanted = problem["ctx"]["expected"]
        said = {"key": where, "value": problem["input"], "wanted": wanted}
        return _("“%(key)s” vale “%(value)s”: scrivi uno tra %(wanted)s.") % said
    if kind == "value_error":
        reason = str(problem["ctx"]["error"])
        return _("“%(key)s”: %(reason)s.") % {"key": where, "reason": reason}
    limits = problem.get("ctx", {})
    shapes = {
        "string_too_long": _("un testo di %(most)s caratteri al massimo")
        % {"most": limits.get("max_length")},
        "string_too_short": _("un testo non vuoto"),
        "string_pattern_mismatch": _("scritto in un altro modo, come dice la documentazione"),
        "greater_than_equal": _("%(least)s o più") % {"least": limits.get("ge")},
        "less_than_equal": _("%(most)s o meno") % {"most": limits.get("le")},
        "string_type": _("un testo tra virgolette"),
        "int_type": _("un numero intero"),
        "int_parsing": _("un numero intero"),
        "bool_type": _("true o false"),
        "tuple_type": _("un elenco di testi tra parentesi quadre"),
        "dict_type": _("una tabella, come [%(key)s]") % {"key": where},
        "model_type": _("una tabella, come [%(key)s]") % {"key": where},
    }
    wanted = shapes.get(kind) or problem["msg"]
    return _("“%(key)s” deve essere %(wanted)s.") % {"key": where, "wanted": wanted}


def _written_and_read(form: str) -> datetime:
    return datetime.strptime(ANY_MOMENT.strftime(form), form)  # noqa: DTZ007 - the day is looked at


def _unknown_key(where: str, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        said = {"key": where, "near": near[0]}
        return _("“%(key)s” non è una voce che conosciamo: forse “%(near)s”?") % said
    return _("“%(key)s” non è una voce che conosciamo: toglila.") % {"key": where}
