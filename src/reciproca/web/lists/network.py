"""What officers look through, and the public directory, as files."""

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from reciproca.control_room import pairs
from reciproca.control_room.alerts import reading
from reciproca.control_room.audit import acts, all_acts
from reciproca.control_room.views.alerts import asked_of as alerts_asked
from reciproca.control_room.views.audit import AuditForm
from reciproca.control_room.views.network import cooperatives_asked, pairs_asked
from reciproca.imports import queries as imports
from reciproca.registry import queries as registry
from reciproca.shared.tables import cents_cell
from reciproca.shared.types import MemberRequest
from reciproca.web.importing import upload, wizard
from reciproca.web.importing.readers import READERS
from reciproca.web.lists.table import Rows, Table, local_day, local_hour
from reciproca.web.views.directory import Asked as DirectoryAsked
from reciproca.web.views.directory import with_credits


def _alerts(request: MemberRequest) -> Rows:
    state, kind = alerts_asked(request.GET)
    found = reading.alerts(state=state, kind=kind, person_id=request.actor.person_id)
    for each in found.iterator(chunk_size=2_000):
        row = reading.alert_row(each)
        yield (
            local_day(row.first_seen_at),
            each.get_kind_display(),
            row.about_name,
            row.assigned_name,
            local_day(row.resolved_at),
            local_day(row.gone_at),
            row.note,
        )


def _acts(request: MemberRequest) -> Rows:
    for act in all_acts(asked=AuditForm(request.GET).asked()):
        yield (
            local_day(act.at),
            f"{timezone.localtime(act.at):%H:%M:%S}",
            act.by,
            str(act.title),
            act.about,
            act.word,
            act.number,
        )


def _pairs(request: MemberRequest) -> Rows:
    few = _now("meno di 5")
    for each in pairs.all_pairs(**pairs_asked(request.GET)):
        times = few if each.fact_count is None else each.fact_count
        yield (each.debtor, each.creditor, cents_cell(each.cents), times)


def _cooperatives(request: MemberRequest) -> Rows:
    year, found = cooperatives_asked(request.GET, today=timezone.localdate())
    few = _now("meno di 5")
    for each in found:
        yield (
            each.row.name,
            each.row.sector_title,
            few if each.member_count is None else each.member_count,
            each.sold.purchase_count,
            cents_cell(each.sold.total_cents),
            cents_cell(each.sold.value_cents),
            cents_cell(each.held_cents),
            local_day(each.last_sold_at),
            year,
        )


def _claims(request: MemberRequest) -> Rows:
    text = request.GET.get("q", "")[:100]
    for decided in (False, True):
        for each in registry.claims(decided=decided, text=text):
            yield (
                local_day(each.claimed_at),
                each.organisation_name,
                each.person_name,
                each.words,
                each.state_title,
                each.answer,
            )


def _doubles(request: MemberRequest) -> Rows:
    for each in registry.like_pairs(text=request.GET.get("q", "")[:100]):
        yield (
            each.one_name,
            each.one_tax_code,
            each.other_name,
            each.other_tax_code,
            each.place,
            each.likeness,
        )


def _imports(request: MemberRequest) -> Rows:
    form = upload.ListForm(request.GET)
    found = imports.imports_of(organisation_id=wizard.owner_id(request), **form.asked())
    for each in found.iterator(chunk_size=2_000):
        yield (
            local_day(each.started_at),
            local_hour(each.started_at),
            each.file_name,
            str(READERS[each.kind].title),
            each.get_state_display(),
            each.accepted_count,
            each.refused_count,
            cents_cell(each.amount_cents or None),
        )


def _directory(request: MemberRequest) -> Rows:
    found = registry.every_entry(filters=with_credits(DirectoryAsked.by(request.GET)))
    for each in found:
        yield (each.name, each.kind_title, each.sector_title, each.place, each.description)


ALERTS = Table(
    title=_("Avvisi della rete"),
    roles=("officer",),
    header=(
        _("Dal giorno"),
        _("Che cosa"),
        _("Organizzazione"),
        _("Affidato a"),
        _("Risolto il"),
        _("Passato il"),
        _("Nota"),
    ),
    rows=_alerts,
)
ACTS = Table(
    title=_("Chi ha fatto che cosa"),
    roles=("officer",),
    header=(
        _("Giorno"),
        _("Ora"),
        _("Chi"),
        _("Che cosa"),
        _("Organizzazione"),
        _("Quale"),
        _("Quanti"),
    ),
    rows=_acts,
    count=lambda request: acts(asked=AuditForm(request.GET).asked(), number=1).paginator.count,
)
PAIRS = Table(
    title=_("Chi deve a chi"),
    roles=("officer",),
    header=(_("Chi deve"), _("A chi"), _("Importo"), _("Volte")),
    rows=_pairs,
)
COOPERATIVES = Table(
    title=_("Cooperative della rete"),
    roles=("officer",),
    header=(
        _("Cooperativa"),
        _("Settore"),
        _("Soci"),
        _("Acquisti"),
        _("Venduto"),
        _("Tornato"),
        _("Credito da spendere"),
        _("Ultimo acquisto"),
        _("Anno"),
    ),
    rows=_cooperatives,
)
CLAIMS = Table(
    title=_("Richieste di gestire una scheda"),
    roles=("officer",),
    header=(
        _("Giorno"),
        _("Organizzazione"),
        _("Chi"),
        _("Che cosa scrive"),
        _("Stato"),
        _("Risposta"),
    ),
    rows=_claims,
)
DOUBLES = Table(
    title=_("Schede doppie"),
    roles=("officer",),
    header=(
        _("Una"),
        _("Codice fiscale"),
        _("L’altra"),
        _("Codice fiscale"),
        _("Comune"),
        _("Somiglianza in centesimi"),
    ),
    rows=_doubles,
)
IMPORTS = Table(
    title=_("Importazioni"),
    roles=("manager", "officer"),
    header=(
        _("Giorno"),
        _("Ora"),
        _("File"),
        _("Che cosa"),
        _("Stato"),
        _("Righe entrate"),
        _("Righe rifiutate"),
        _("Importo"),
    ),
    rows=_imports,
)
DIRECTORY = Table(
    title=_("Elenco della comunità"),
    roles=(),
    header=(_("Nome"), _("Tipo"), _("Settore"), _("Comune"), _("Descrizione")),
    rows=_directory,
)
