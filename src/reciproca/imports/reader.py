"""
What a room hands in so that its rows can come out of files.

A `Reader` describes the fields and begins a `Reading` of one file. The reading looks at one row at
a time (`parse`: no database), then at batches of facts (`check`: reads the database, `prepare` and
`accept`: write to it). A fact is one row, or all rows of a basket.
"""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID

from django.utils.functional import Promise
from pydantic import BaseModel

from reciproca.imports.columns import Field, Layout
from reciproca.imports.mapping import Mapping
from reciproca.shared.errors import DomainError


class Parsed(NamedTuple):
    """
    What a room read in one row.

    `values` are JSON. `key` is the row's external key, with whatever makes it unique in the file;
    empty, the row is known by its content. `amount_cents` is its part of the control total.
    """

    values: Sequence[Any]
    key: str = ""
    amount_cents: int = 0


class Staged(NamedTuple):
    """
    One row as it waits: where it stood and what was read in it.

    `key` is the SHA-256 of its external key or of its content, `occurrence` counts equal ones
    before it, itself included; both are the same whenever the same rows come again.
    """

    number: int
    key: str
    occurrence: int
    amount_cents: int
    values: list[Any]


Fact = Sequence[Staged]
"""The rows of one fact: a single one, or those of a basket in the order of the file."""


class Known:
    """The verdict on a fact that was recorded before: it moves nothing and is no refusal."""


KNOWN = Known()

Verdict = DomainError | Known | None
"""Why a fact is not taken, or None for one that is good."""


@dataclass(frozen=True, slots=True)
class Order:
    """
    One file to be read: by which mapping, for whom, in whose name.

    With `organisation_id` everything in the file belongs to that organisation, and nothing else
    may be touched; without it the federation imports. `findings` is what earlier steps found.
    """

    import_id: UUID
    mapping: Mapping
    layout: Layout
    organisation_id: UUID | None
    recorded_by: UUID | None
    started_at: datetime
    recorded_at: datetime
    findings: AnyMapping[str, Any]


class Reading(Protocol):
    """One file being read; what it has looked up it may remember, within bounds."""

    def parse(self, cells: Sequence[str], /) -> Parsed:
        """Read one row, as wide as the header. Raises: DomainError, the reason to refuse it."""
        ...

    def basket_of(self, cells: Sequence[str], /) -> str:
        """Return what the row's basket is called, unique in the file; empty when it has none."""
        ...

    def check(self, facts: Sequence[Fact], /) -> list[Verdict]:
        """Look at facts that were parsed well, against what the community knows already."""
        ...

    def prepare(self, facts: Sequence[Fact], /) -> list[Any]:
        """
        Return each of these good facts, the ones checked last, as `accept` takes it.

        What they need is written before: people and sellers to be made.

        Raises: DomainError when one of them cannot be; then nothing of them may be remembered.
        """
        ...

    def accept(self, prepared: Sequence[Any], /) -> list[Verdict]:
        """
        Record prepared facts, all or nothing.

        Perhaps in another thread, while other facts are checked: it touches nothing of the reading.

        Raises: DomainError when one of them cannot be.
        """
        ...

    def may_overlap(self, prepared: Sequence[Any], /) -> bool:
        """Return whether these can be recorded beside others, in whatever order they end."""
        ...

    def parsed(self) -> dict[str, Any]:
        """Return what there is to say of the rows besides their counts, as JSON."""
        ...

    def checked(self) -> dict[str, Any]:
        """Return what there is to say of the facts that were checked, as JSON."""
        ...

    def finish(self) -> dict[str, Any]:
        """Do what remains to be done once all is accepted, and return what there is to say."""
        ...

    def may_refuse_late(self) -> bool:
        """Return whether `accept` may refuse what `check` found good."""
        ...


class Shown(NamedTuple):
    """A figure of the preview: its title, and its value as `shape` says; a moment may be a day."""

    title: str | Promise
    value: Any
    shape: Literal["text", "cents", "moment"] = "text"


class Reader(Protocol):
    """What one room offers under one name."""

    @property
    def kind(self) -> str:
        """The name of what is imported, as commands and addresses write it."""
        ...

    @property
    def title(self) -> str | Promise:
        """The name as people say it."""
        ...

    @property
    def has_baskets(self) -> bool:
        """Whether several rows may be one fact: the lines of a receipt."""
        ...

    def fields(self, *, organisation_id: UUID | None) -> Sequence[Field]:
        """Return what can be read in a row of an organisation's file, or of the federation's."""
        ...

    @property
    def options(self) -> type[BaseModel]:
        """The model of the mapping's keys that only this room knows."""
        ...

    def begin(self, order: Order, /) -> Reading:
        """
        Return a reading of one file.

        Raises: MappingRefused, ColumnsMissing and others that speak of the whole file.
        """
        ...

    def shown(self, values: Sequence[Any], /) -> Sequence[Shown]:
        """Return what was read in one row, as the preview shows it."""
        ...

    def undo(
        self, *, import_id: UUID, reason: str, recorded_by: UUID | None, recorded_at: datetime
    ) -> None:
        """
        Undo all that a file brought in; stopped halfway it goes on where it was.

        Raises: UndoRefused, when something stands in the way and nothing was undone.
        """
        ...
