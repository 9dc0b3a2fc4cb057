"""Cooperatives and other organisations out of a list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field as OptionField

from reciproca.imports.columns import Field
from reciproca.imports.mapping import Strict, validated
from reciproca.imports.reader import KNOWN, Fact, Order, Parsed, Shown, Verdict
from reciproca.registry import queries
from reciproca.registry.actions import checked_organisation, register_organisations
from reciproca.registry.forms import OrganisationIn
from reciproca.registry.models import Category, MutualExchange, Mutuality, NodeKind, Sector
from reciproca.registry.names import readable_name
from reciproca.registry.reading.cells import PLACE_FIELDS, Cells
from reciproca.registry.reading.duplicates import DuplicateFinder
from reciproca.registry.reading.provenance import ROWS, note_origin, row_name
from reciproca.registry.reading.undoing import Undoing, take_back
from reciproca.shared.identifiers import with_zeros

LONGEST_NAME = 200

FIELDS = (
    Field("key", _("codice nel file"), ("id", "codice", "codice_cooperativa", "external_id")),
    Field(
        "name",
        _("denominazione"),
        ("denominazione", "nome", "ragione_sociale", "cooperativa", "legal_name", "company"),
        is_required=True,
    ),
    Field("tax_code", _("codice fiscale"), ("codice_fiscale", "cf", "c_f", "fiscal_code")),
    Field("vat_number", _("partita IVA"), ("partita_iva", "p_iva", "piva", "vat")),
    Field("kind", _("genere"), ("tipo_organizzazione", "node_kind")),
    Field("sector", _("settore"), ("settore",)),
    Field("category", _("categoria dell’albo"), ("categoria", "categoria_albo")),
    Field("mutuality", _("mutualità"), ("mutualita", "sezione_albo")),
    Field("mutual_exchange", _("scambio mutualistico"), ("scambio_mutualistico",)),
    Field(
        "register_number",
        _("numero dell’albo"),
        ("numero_albo", "n_albo", "albo", "numero_iscrizione_albo", "iscrizione_albo"),
    ),
    Field("rea", _("numero REA"), ("numero_rea", "n_rea")),
    Field("certified_email", _("PEC"), ("pec", "email_pec", "indirizzo_pec")),
    Field("sdi_code", _("codice SDI"), ("codice_sdi", "codice_destinatario", "sdi")),
    Field("ateco_code", _("codice ATECO"), ("ateco", "codice_ateco")),
    Field("address", _("indirizzo"), ("indirizzo", "via", "sede", "street")),
    Field("iban", _("IBAN"), ("conto", "conto_corrente")),
    *PLACE_FIELDS,
)


class CooperativeOptions(Strict):
    """`source` names whose codes the column `key` holds: an ExternalId."""

    source: str = OptionField(default="import", min_length=1, max_length=60)


class CooperativeRow(NamedTuple):
    """What one row says, as JSON keeps it; codes are checked, `municipality` is an ISTAT code."""

    key: str
    name: str
    legal_name: str
    tax_code: str
    kind: str
    sector: str
    category: str
    mutuality: str
    mutual_exchange: str
    municipality: str
    address: str
    iban: str
    vat_number: str
    register_number: str
    rea: str
    certified_email: str
    sdi_code: str
    ateco_code: str


class CooperativeReading:
    """One list of organisations; see `imports.reader.Reading`."""

    def __init__(self, order: Order, /) -> None:
        self.order = order
        self.options = validated(CooperativeOptions, order.mapping.room_options)
        self.cells = Cells(order=order, fields=FIELDS)
        self.duplicates = DuplicateFinder()

    def parse(self, row: Sequence[str], /) -> Parsed:
        """Return what a row says. Raises: what `checked_organisation` and `Cells` raise."""
        cells = self.cells
        legal_name = " ".join(cells.text(row, "name").split())
        told = OrganisationIn(
            name=readable_name(legal_name)[:LONGEST_NAME],
            legal_name=legal_name[:250],
            kind=cells.choice(row, "kind", NodeKind, otherwise="cooperative"),
            sector=cells.choice(row, "sector", Sector, otherwise="other"),
            category=cells.choice(row, "category", Category, otherwise=""),
            mutuality=cells.choice(row, "mutuality", Mutuality, otherwise=""),
            mutual_exchange=cells.choice(row, "mutual_exchange", MutualExchange, otherwise=""),
            tax_code=with_zeros(cells.text(row, "tax_code")),
            municipality=cells.municipality(row),
            address=cells.text(row, "address")[:LONGEST_NAME],
            iban=cells.text(row, "iban"),
            vat_number=with_zeros(cells.text(row, "vat_number")),
            register_number=cells.text(row, "register_number"),
            rea=cells.text(row, "rea"),
            certified_email=cells.text(row, "certified_email"),
            sdi_code=cells.text(row, "sdi_code"),
            ateco_code=cells.text(row, "ateco_code"),
        )
        checked = checked_organisation(told)
        key = cells.key(row)
        values = [key, *(getattr(checked, name) for name in CooperativeRow._fields[1:])]
        return Parsed(values, key or checked.tax_code)

    def basket_of(self, _row: Sequence[str], /) -> str:
        """Return nothing: an organisation is one row."""
        return ""

    def parsed(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def check(self, facts: Sequence[Fact], /) -> list[Verdict]:
        """Return which organisations are in the registry already; look for likely duplicates."""
        rows = [(fact[0], CooperativeRow._make(fact[0].values)) for fact in facts]
        by_code = queries.organisations_with_tax_codes([row.tax_code for _staged, row in rows])
        by_key = queries.nodes_known_as(
            source=self.options.source, values=[row.key for _staged, row in rows if row.key]
        )
        by_row = queries.nodes_known_as(source=ROWS, values=[row_name(s) for s, _row in rows])
        verdicts: list[Verdict] = [
            KNOWN
            if row.tax_code in by_code or row.key in by_key or row_name(staged) in by_row
            else None
            for staged, row in rows
        ]
        self.duplicates.look(
            (staged.number, row.municipality, row.legal_name, row.tax_code)
            for (staged, row), verdict in zip(rows, verdicts, strict=True)
            if verdict is None
        )
        return verdicts

    def checked(self) -> dict[str, Any]:
        """Return the likely duplicates."""
        return {"duplicates": self.duplicates.findings()}

    def prepare(self, facts: Sequence[Fact], /) -> list[tuple[int, OrganisationIn]]:
        """Return the organisations with their row numbers."""
        return [(fact[0].number, self._organisation(fact)) for fact in facts]

    def accept(self, prepared: Sequence[tuple[int, OrganisationIn]], /) -> list[Verdict]:
        """Add the organisations to the registry, all or none."""
        nodes = register_organisations(
            organisations=[organisation for _number, organisation in prepared],
            recorded_by=self.order.recorded_by,
            recorded_at=self.order.recorded_at,
        )
        numbers = [number for number, _organisation in prepared]
        note_origin(import_id=self.order.import_id, nodes=list(zip(numbers, nodes, strict=True)))
        return [None] * len(prepared)

    def may_overlap(self, _prepared: Sequence[object], /) -> bool:
        """Return False: each batch must see the one before."""
        return False

    def finish(self) -> dict[str, Any]:
        """Return the likely duplicates."""
        return self.checked()

    def may_refuse_late(self) -> bool:
        """Return False: what can be refused is known before."""
        return False

    def _organisation(self, fact: Fact) -> OrganisationIn:
        told = CooperativeRow._make(fact[0].values)._asdict()
        key, known_by = told.pop("key"), None
        if key:
            known_by = (self.options.source, key)
        elif not told["tax_code"]:
            known_by = (ROWS, row_name(fact[0]))
        return OrganisationIn(**told, external_id=known_by)


class CooperativeReader:
    """Organisations out of a list; see `imports.reader.Reader`."""

    kind = "cooperatives"
    title = _("Cooperative")
    options = CooperativeOptions
    has_baskets = False

    def fields(self, *, organisation_id: UUID | None) -> Sequence[Field]:
        """Return what a row says."""
        return FIELDS

    def begin(self, order: Order, /) -> CooperativeReading:
        """Return the reading of one list. Raises: MappingRefused."""
        return CooperativeReading(order)

    def shown(self, values: Sequence[Any], /) -> Sequence[Shown]:
        """Return a row as the preview shows it."""
        row = CooperativeRow._make(values)
        return [
            Shown(_("Nome"), row.name),
            Shown(_("Codice fiscale"), row.tax_code),
            Shown(_("Settore"), str(Sector(row.sector).label)),
            Shown(_("Comune"), row.municipality),
        ]

    def undo(
        self, *, import_id: UUID, reason: str, recorded_by: UUID | None, recorded_at: datetime
    ) -> None:
        """Take the organisations out again, as long as nothing used them. Raises: NodesInUse."""
        take_back(Undoing(import_id, reason, recorded_by, recorded_at))


COOPERATIVES = CooperativeReader()
