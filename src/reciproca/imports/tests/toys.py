"""A room that does not exist: a box of toys, kept in a list, so that the flow is tested alone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.imports import actions
from reciproca.imports.cells import amount_reader
from reciproca.imports.columns import Field
from reciproca.imports.mapping import Mapping, Strict, mapping_of
from reciproca.imports.models import Import
from reciproca.imports.reader import KNOWN, Fact, Order, Parsed, Shown, Verdict
from reciproca.imports.refusals import UndoRefused
from reciproca.shared.errors import DomainError

NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)
FIELDS = (
    Field("key", _("codice"), ("codice", "id")),
    Field("name", _("nome"), ("nome", "giocattolo"), is_required=True),
    Field("price", _("prezzo"), ("prezzo", "importo"), is_required=True, is_amount=True),
)


class NameMissing(DomainError):
    code = "toy-name-missing"
    message = _("Il giocattolo della riga non ha nome.")


class ToyBroken(DomainError):
    code = "toy-broken"
    message = _("Il giocattolo “%(name)s” è rotto.")


class BoxTooSmall(DomainError):
    code = "box-too-small"
    message = _("La scatola è troppo piccola per questi giocattoli.")


class ToysPlayedWith(UndoRefused):
    code = "toys-played-with"
    message = _("Con questi giocattoli qualcuno ha già giocato.")


class Options(Strict):
    """Nothing to choose."""


class Box:
    """Where accepted toys end: (key, names), in order; it can be told to fail."""

    def __init__(self) -> None:
        self.toys: list[tuple[str, list[str]]] = []
        self.crash_at = 0
        self.stopped_by: BaseException | None = None
        self.refuses_at_the_end = False
        self.undo_refused = False
        self.late = False
        self.in_any_order = False
        self.undone: list[str] = []

    kind = "toys"
    title = "Giocattoli"
    options = Options
    has_baskets = False

    def fields(self, *, organisation_id: UUID | None) -> Sequence[Field]:
        return FIELDS

    def begin(self, order: Order, /) -> "ToyReading":
        return ToyReading(self, order)

    def shown(self, values: Sequence[Any], /) -> Sequence[Shown]:
        return [Shown("Nome", values[1])]

    def undo(self, *, reason: str, **_more: object) -> None:
        if self.undo_refused:
            raise ToysPlayedWith
        self.undone.append(reason)


class ToyReading:
    def __init__(self, box: Box, order: Order) -> None:
        self.box, self.order, self.layout = box, order, order.layout
        file = order.mapping.file
        self.cents = amount_reader(
            decimal_mark=file.decimal_mark or ",", thousands_mark=file.thousands_mark or ""
        )

    def parse(self, cells: Sequence[str], /) -> Parsed:
        key, name, price = (self._cell(cells, field.name) for field in FIELDS)
        if not name:
            raise NameMissing
        cents = self.cents(price)
        return Parsed([key, name], key, cents)

    def basket_of(self, cells: Sequence[str], /) -> str:
        return self._cell(cells, "key")

    def parsed(self) -> dict[str, Any]:
        return {}

    def check(self, facts: Sequence[Fact], /) -> list[Verdict]:
        known = {key for key, _names in self.box.toys}
        return [self._verdict(fact, known) for fact in facts]

    def checked(self) -> dict[str, Any]:
        return {"toys_seen": True}

    def prepare(self, facts: Sequence[Fact], /) -> list[Fact]:
        if any(row.values[1] == "smontato" for fact in facts for row in fact):
            raise ToyBroken(name="smontato")
        return list(facts)

    def may_overlap(self, _prepared: Sequence[Fact], /) -> bool:
        return self.box.in_any_order

    def accept(self, prepared: Sequence[Fact], /) -> list[Verdict]:
        came = []
        for fact in prepared:
            names = [row.values[1] for row in fact]
            if "tardi" in names:
                raise ToyBroken(name="tardi")
            came.append((_key(fact), names))
        if self.box.stopped_by is not None and self.box.toys:
            raise self.box.stopped_by
        if self.box.crash_at and len(self.box.toys) + len(came) > self.box.crash_at:
            raise RuntimeError("the power went off")
        self.box.toys += came
        return [None] * len(prepared)

    def finish(self) -> dict[str, Any]:
        if self.box.refuses_at_the_end:
            raise BoxTooSmall
        return {"toys": len(self.box.toys)}

    def may_refuse_late(self) -> bool:
        return self.box.late

    def _verdict(self, fact: Fact, known: set[str]) -> Verdict:
        if any(row.values[1] == "rotto" for row in fact):
            return ToyBroken(name="rotto")
        return KNOWN if _key(fact) in known else None

    def _cell(self, cells: Sequence[str], name: str) -> str:
        at = self.layout.positions.get(name)
        return "" if at is None else cells[at].strip()


def _key(fact: Fact) -> str:
    return fact[0].values[0] or f"{fact[0].key}:{fact[0].occurrence}"


def receive(text: str, folder: Path, **mapping: Any) -> tuple[Import, Path]:
    """Return a received file with this content."""
    path = folder / "giocattoli.csv"
    path.write_text(text, encoding="utf-8")
    received = actions.receive_file(
        kind="toys",
        file_name=path.name,
        size_bytes=path.stat().st_size,
        mapping=mapping_of(mapping) if mapping else Mapping(),
        organisation_id=None,
        started_by=None,
        started_at=NOON,
    )
    return received, path


def bring_in(
    text: str, folder: Path, box: Box, *, good_rows: bool = False, **mapping: Any
) -> Import:
    """Bring a file in from beginning to end."""
    received, path = receive(text, folder, **mapping)
    actions.read_file(import_id=received.pk, reader=box, path=path)
    return actions.accept_rows(import_id=received.pk, reader=box, takes_good_rows=good_rows)
