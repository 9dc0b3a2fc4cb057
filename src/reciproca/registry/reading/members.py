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
from reciproca.registry.forms import MemberIn, PersonIn
from reciproca.registry.models import MemberKind
from reciproca.registry.names import readable_name
from reciproca.registry.reading.cells import PLACE_FIELDS, CellMissing, Cells
from reciproca.registry.reading.member_rows import MemberRow, external_id, known_row
from reciproca.registry.reading.provenance import ROWS, note_origin, remove_nodes
from reciproca.registry.rules import DayInFuture, clean_person
from reciproca.shared.errors import DomainError

FIELDS = (
    Field("key", _("codice nel file"), ("id", "codice", "codice_socio", "id_socio", "member_id")),
    Field("first_name", _("nome"), ("nome", "nome_proprio", "given_name")),
    Field("last_name", _("cognome"), ("cognome", "surname", "family_name")),
    Field(
        "name",
        _("nome e cognome"),
        ("nominativo", "nome_e_cognome", "cognome_e_nome", "socio", "full_name"),
    ),
    Field("tax_code", _("codice fiscale"), ("codice_fiscale", "cf", "c_f", "fiscal_code")),
    Field(
        "born_on",
        _("data di nascita"),
        ("data_nascita", "data_di_nascita", "nato_il"),
        is_date=True,
    ),
    Field("email", _("e-mail"), ("e_mail", "mail", "posta_elettronica", "email_address")),
    Field("phone", _("telefono"), ("telefono", "cellulare", "tel", "mobile")),
    Field("address", _("indirizzo"), ("indirizzo", "via", "residenza", "street")),
    Field("iban", _("IBAN"), ("conto", "conto_corrente")),
    Field(
        "cooperative",
        _("cooperativa"),
        ("cooperativa", "codice_cooperativa", "cf_cooperativa", "cooperative_id"),
    ),
    Field(
        "registered_on",
        _("data di iscrizione"),
        ("data_iscrizione", "iscritto_il", "data_ammissione", "socio_dal", "member_since"),
        is_date=True,
    ),
    Field("kind", _("tipo di socio"), ("tipo_socio", "categoria_socio", "member_kind")),
    Field(
        "share",
        _("capitale versato"),
        ("capitale", "quota", "quota_versata", "capitale_versato", "capitale_sociale"),
        is_amount=True,
    ),
    *PLACE_FIELDS,
)


class CooperativeNotFound(DomainError):
    code = "cooperative-not-found"
    message = _(
        "Non conosciamo la cooperativa “%(code)s”. Scrivi il suo codice fiscale, oppure registrala."
    )


class ShareNegative(DomainError):
    code = "share-negative"
    message = _("Il capitale versato non può essere negativo: “%(text)s”.")


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
        live = queries.live_memberships(pairs)
        return [self._verdict(row, live) for row in rows]

    def checked(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def prepare(self, facts: Sequence[Fact], /) -> list[MemberRow]:
        """Return the rows of the facts."""
        return [known_row(fact) for fact in facts]

    def accept(self, rows: Sequence[MemberRow], /) -> list[Verdict]:
        """Add who is new to the registry, and all of them to their cooperatives' registers."""
        by, at = self.order.recorded_by, self.order.recorded_at
        # A person in several registers has several rows: the first of them makes the person.
        new = {row.identity: row for row in reversed(rows) if row.identity not in self.people}
        made = register_people(
            people=[self._person(row) for row in new.values()], recorded_by=by, recorded_at=at
        )
        note_origin(
            import_id=self.order.import_id,
            nodes=[(row.number, node) for row, node in zip(new.values(), made, strict=True)],
        )
        known = self.people | dict(zip(new, made, strict=True))
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
        """Find the people of this batch by the file's codes and by tax code; cooperatives too."""
        source = self.options.source
        by_code = queries.people_with_tax_codes([row.tax_code for row in rows])
        by_key = queries.nodes_known_as(source=source, values=[row.key for row in rows])
        by_row = queries.nodes_known_as(source=ROWS, values=[row.identity for row in rows])
        self.people = by_row | {
            row.identity: found
            for row in rows
            if (found := by_key.get(row.key) or by_code.get(row.tax_code))
        }
        calls = {row.cooperative for row in rows if row.cooperative} - self.cooperatives.keys()
        if calls:
            meant = queries.organisations_meant(calls=calls, source=source, kinds=["cooperative"])
            self.cooperatives |= meant.known
            self.unclear |= meant.unclear

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
            Shown(_("Iscrizione"), row.registered_on),
            Shown(_("Capitale"), row.share_cents, "cents"),
        ]

    def undo(
        self, *, import_id: UUID, reason: str, recorded_by: UUID | None, recorded_at: datetime
    ) -> None:
        """Take people out again who entered no register yet. Raises: NodesInUse."""
        remove_nodes(import_id=import_id)


MEMBERS = MemberReader()
