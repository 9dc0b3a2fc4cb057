"""People and their memberships out of a members' register."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from pydantic import Field as OptionField

from reciproca.imports.cells import amount_reader, moment_reader
from reciproca.imports.columns import ColumnsMissing, Field
from reciproca.imports.mapping import Strict, validated
from reciproca.imports.reader import KNOWN, Fact, Order, Parsed, Shown, Verdict
from reciproca.registry import queries
from reciproca.registry.actions import register_members, register_people
from reciproca.registry.actions.checks import note_external_ids
from reciproca.registry.forms import MemberIn, PersonIn
from reciproca.registry.models import MemberKind
from reciproca.registry.names import readable_name
from reciproca.registry.reading.cells import CellMissing, Cells
from reciproca.registry.reading.member_fields import FIELDS, CooperativeNotFound, ShareNegative
from reciproca.registry.reading.member_rows import (
    MemberRow,
    external_id,
    first_rows,
    known_row,
)
from reciproca.registry.reading.provenance import ROWS, note_origin
from reciproca.registry.reading.undoing import Undoing, take_back
from reciproca.registry.rules import DayInFuture, clean_person


class MemberOptions(Strict):
    """`source` names whose codes the columns `key` and `cooperative` hold: ExternalIds."""

    source: str = OptionField(default="import", min_length=1, max_length=60)


class MemberReading:
    """One members' register; see `imports.reader.Reading`."""

    def __init__(self, order: Order, /) -> None:
        self.order = order
        self.options = validated(MemberOptions, order.mapping.room_options)
        if not any(order.layout.has(name) for name in ("first_name", "last_name", "name")):
            raise ColumnsMissing(missing=_("nome e cognome"), found=", ".join(order.layout.header))
        file = order.mapping.file
        self.cells = Cells(order=order, fields=FIELDS)
        self.moment = moment_reader(timezone=file.timezone, date_format=file.date_format)
        self.cents = amount_reader(
            decimal_mark=file.decimal_mark or ",",
            thousands_mark=file.thousands_mark or "",
            in_cents=file.money == "cents",
        )
        self.today = localtime(order.recorded_at).date()
        self.people: dict[str, UUID] = {}
        self.cooperatives: dict[str, UUID] = {}
        self.unclear: dict[str, str] = {}

    def parse(self, row: Sequence[str], /) -> Parsed:
        """Return what a row says. Raises: what `clean_person`, `Cells` and the readers raise."""
        cells = self.cells
        person = clean_person(
            PersonIn(
                first_name=readable_name(cells.text(row, "first_name")),
                last_name=readable_name(cells.text(row, "last_name")),
                name=readable_name(cells.text(row, "name")),
                tax_code=cells.text(row, "tax_code"),
                email=cells.text(row, "email"),
                phone=cells.text(row, "phone")[:30],
                municipality=cells.municipality(row),
                address=cells.text(row, "address")[:200],
                iban=cells.text(row, "iban"),
            )
        )
        key, cooperative = cells.key(row), cells.text(row, "cooperative")
        registered_on = self._day(row, "registered_on")
        if cooperative and not registered_on:
            raise CellMissing(field=_("data di iscrizione"))
        share = self._share(row)
        told = MemberRow(
            key=key,
            first_name=person.first_name,
            last_name=person.last_name,
            name=person.name,
            tax_code=person.tax_code,
            born_on=self._day(row, "born_on"),
            email=person.email,
            phone=person.phone,
            municipality=person.municipality,
            address=person.address,
            iban=person.iban,
            cooperative=cooperative,
            registered_on=registered_on,
            kind=cells.choice(row, "kind", MemberKind, otherwise="cooperator"),
            share_cents=share,
        )
        identity = key or person.tax_code
        return Parsed(told, f"{identity}\x1f{cooperative}" if identity else "", share)

    def basket_of(self, _row: Sequence[str], /) -> str:
        """Return nothing: a member is one row."""
        return ""

    def parsed(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def check(self, facts: Sequence[Fact], /) -> list[Verdict]:
        """Return which cooperatives nobody knows, and which members are in already."""
        rows = [known_row(fact) for fact in facts]
        self._look_up(rows)
        pairs = {
            (self.people[row.identity], self.cooperatives[row.cooperative])
            for row in rows
            if row.identity in self.people and row.cooperative in self.cooperatives
        }
        live, firsts = queries.live_memberships(pairs), first_rows(rows)
        entered: set[tuple[UUID | int, str]] = set()
        verdicts: list[Verdict] = []
        for row in rows:
            verdict = self._verdict(row, live)
            whose = self.people.get(row.identity) or firsts[row.identity].number
            entry = (whose, str(self.cooperatives.get(row.cooperative, "")))
            if verdict is None:
                verdict = KNOWN if entry in entered else None
                entered.add(entry)
            verdicts.append(verdict)
        return verdicts

    def checked(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def prepare(self, facts: Sequence[Fact], /) -> list[MemberRow]:
        """Return the rows of the facts."""
        return [known_row(fact) for fact in facts]

    def accept(self, rows: Sequence[MemberRow], /) -> list[Verdict]:
        """Add who is new to the registry, and all of them to their cooperatives' registers."""
        by, at = self.order.recorded_by, self.order.recorded_at
        # Looked up anew: when a batch is taken in parts, the earlier ones make people too.
        known = self._people_of(rows)
        firsts = first_rows([row for row in rows if row.identity not in known])
        new = list({row.number: row for row in firsts.values()}.values())
        made = register_people(
            people=[self._person(row) for row in new], recorded_by=by, recorded_at=at
        )
        by_number = {row.number: node for row, node in zip(new, made, strict=True)}
        note_origin(import_id=self.order.import_id, nodes=list(by_number.items()))
        known |= {identity: by_number[row.number] for identity, row in firsts.items()}
        # Who is in several registers may have a code of its own in each: all of them are theirs.
        further = {row.key for row in rows if row.key} & firsts.keys() - {row.key for row in new}
        note_external_ids([(known[key], self.options.source, key) for key in sorted(further)])
        register_members(
            members=[
                MemberIn(
                    member_id=known[row.identity],
                    cooperative_id=self.cooperatives[row.cooperative],
                    registered_on=date.fromisoformat(row.registered_on),
                    kind=row.kind,
                    share_cents=row.share_cents,
                )
                for row in rows
                if row.cooperative
            ],
            recorded_by=by,
            recorded_at=at,
            import_id=self.order.import_id,
        )
        return [None] * len(rows)

    def may_overlap(self, _prepared: Sequence[object], /) -> bool:
        """Return False: each batch must see the one before."""
        return False

    def finish(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def may_refuse_late(self) -> bool:
        """Return whether a register could still refuse its share capital."""
        return self.order.layout.has("share")

    def _look_up(self, rows: Sequence[MemberRow]) -> None:
        """Find the people and the cooperatives of this batch."""
        self.people, source = self._people_of(rows), self.options.source
        calls = {row.cooperative for row in rows if row.cooperative} - self.cooperatives.keys()
        if calls:
            meant = queries.organisations_meant(calls=calls, source=source, kinds=["cooperative"])
            self.cooperatives |= meant.known
            self.unclear |= meant.unclear

    def _people_of(self, rows: Sequence[MemberRow]) -> dict[str, UUID]:
        """Return whom the registry knows, by identity: by the file's codes, then by tax code."""
        by_code = queries.people_with_tax_codes([row.tax_code for row in rows])
        by_key = queries.nodes_known_as(
            source=self.options.source, values=[row.key for row in rows]
        )
        by_row = queries.nodes_known_as(source=ROWS, values=[row.identity for row in rows])
        return by_row | {
            row.identity: found
            for row in rows
            if (found := by_key.get(row.key) or by_code.get(row.tax_code))
        }

    def _verdict(self, row: MemberRow, live: set[tuple[UUID, UUID]]) -> Verdict:
        person = self.people.get(row.identity)
        if not row.cooperative:
            return KNOWN if person else None
        cooperative = self.cooperatives.get(row.cooperative)
        if cooperative is None:
            called = row.cooperative
            if called in self.unclear:
                return queries.OrganisationUnclear(code=called, names=self.unclear[called])
            return CooperativeNotFound(code=called)
        return KNOWN if person and (person, cooperative) in live else None

    def _person(self, row: MemberRow) -> PersonIn:
        return PersonIn(
            first_name=row.first_name,
            last_name=row.last_name,
            name=row.name,
            tax_code=row.tax_code,
            born_on=date.fromisoformat(row.born_on) if row.born_on else None,
            email=row.email,
            phone=row.phone,
            municipality=row.municipality,
            address=row.address,
            iban=row.iban,
            external_id=external_id(row=row, source=self.options.source),
        )

    def _day(self, row: Sequence[str], name: str) -> str:
        text = self.cells.text(row, name)
        if not text:
            return ""
        day = self.moment(text).date()
        if day > self.today:
            raise DayInFuture
        return day.isoformat()

    def _share(self, row: Sequence[str]) -> int:
        text = self.cells.text(row, "share")
        cents = self.cents(text) if text else 0
        if cents < 0:
            raise ShareNegative(text=text)
        return cents


class MemberReader:
    """Members out of a file; see `imports.reader.Reader`."""

    kind = "members"
    title = _("Soci")
    options = MemberOptions
    has_baskets = False

    def fields(self, *, organisation_id: UUID | None) -> Sequence[Field]:
        """Return what a row says."""
        return FIELDS

    def begin(self, order: Order, /) -> MemberReading:
        """Return the reading of one register. Raises: MappingRefused, ColumnsMissing."""
        return MemberReading(order)

    def shown(self, values: Sequence[Any], /) -> Sequence[Shown]:
        """Return a row as the preview shows it."""
        row = MemberRow._make(values)
        return [
            Shown(_("Nome"), row.name),
            Shown(_("Codice fiscale"), row.tax_code),
            Shown(_("Cooperativa"), row.cooperative),
            Shown(_("Iscrizione"), date.fromisoformat(row.registered_on), "moment"),
            Shown(_("Capitale"), row.share_cents, "cents"),
        ]

    def undo(
        self, *, import_id: UUID, reason: str, recorded_by: UUID | None, recorded_at: datetime
    ) -> None:
        """Take back people and lines of registers that nothing used. Raises: NodesInUse."""
        take_back(Undoing(import_id, reason, recorded_by, recorded_at))


MEMBERS = MemberReader()
