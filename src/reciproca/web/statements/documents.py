"""The yearly statements as PDF."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from reciproca.clearing.models import Payment, Settlement
from reciproca.web.desk.statement import Statement
from reciproca.web.member.branches import BranchPart
from reciproca.web.statements import paper
from reciproca.web.statements.member import MemberStatement
from reciproca.web.words import count, euro, language, when


def member_pdf(statement: MemberStatement) -> bytes:
    """Return a member's statement as PDF."""
    title = _("Estratto %(year)s") % {"year": statement.year}
    document = paper.Paper(
        title=f"{title}, {statement.member}",
        who=f"{statement.member}, {title}",
        community=statement.community,
        language=language(),
    )
    return document.render(list(_member_parts(statement, title)))


def cooperative_pdf(
    page: Statement, *, branches: Sequence[BranchPart], cooperative: str, community: str
) -> bytes:
    """Return a cooperative's statement as PDF: what its page of the year shows."""
    title = _("Conti con la rete %(year)s") % {"year": page.year}
    document = paper.Paper(
        title=f"{title}, {cooperative}",
        who=f"{cooperative}, {title}",
        community=community,
        language=language(),
    )
    return document.render(list(_cooperative_parts(page, branches, title, cooperative)))


def _member_parts(statement: MemberStatement, title: str) -> Iterator[Flowable]:
    who = statement.member
    if statement.card:
        who = _("%(member)s, carta %(card)s") % {"member": who, "card": statement.card}
    yield from paper.title(title, who)
    back = statement.closing_cents
    yield from paper.big_figure(
        euro(back), _("di credito da spendere alla fine del %(year)s") % {"year": statement.year}
    )
    if not statement.is_over:
        yield paper.note(_("L’anno non è finito: questo estratto arriva a oggi."))
    if statement.bought:
        yield paper.Section(_("Che cosa hai comprato"))
        yield _bought(statement)
        yield paper.Section(_("Il valore che ne è nato"))
        yield from _branches(statement.branches, statement.value_cents)
    if statement.refunds:
        yield paper.Section(_("I ristorni del %(year)s") % {"year": statement.year})
        yield _member_refunds(statement)
    yield paper.Section(_("Il tuo credito"))
    yield _member_credit(statement)
    if statement.lots:
        yield Spacer(0, 4 * mm)
        yield paper.table(
            head=[_("Credito di"), _("Fino al"), _("Importo")],
            texts=2,
            rows=[
                [lot.issuer, when(lot.expires_on, style="full"), euro(lot.cents)]
                for lot in statement.lots
            ],
        )
    yield from _member_notes(statement)


def _bought(statement: MemberStatement) -> Flowable:
    return paper.table(
        head=[_("Cooperativa"), _("Acquisti"), _("Spesa"), _("In crediti"), _("Valore nato")],
        rows=[
            [
                row.name,
                count(row.purchase_count),
                euro(row.total_cents),
                euro(row.credit_cents),
                euro(row.value_cents),
            ]
            for row in statement.bought
        ],
        total=[
            _("In tutto"),
            count(sum(row.purchase_count for row in statement.bought)),
            euro(statement.total_cents),
            euro(statement.spent_credit_cents),
            euro(statement.value_cents),
        ],
    )


def _branches(branches: Sequence[BranchPart], whole_cents: int) -> Iterator[Flowable]:
    if whole_cents > 0:
        yield paper.BranchBar([(part.key, part.cents) for part in branches])
    yield paper.account(
        [
            *((part.name, euro(part.cents)) for part in branches),
            (_("Trattenuto da qualcuno: zero per cento"), euro(0)),
            (_("Valore nato"), euro(whole_cents)),
        ]
    )


def _member_refunds(statement: MemberStatement) -> Flowable:
    return paper.table(
        head=[_("Cooperativa"), _("In credito"), _("In denaro"), _("In capitale"), _("Ristorno")],
        rows=[
            [
                row.cooperative,
                euro(row.credit_cents),
                euro(row.cash_cents),
                euro(row.capital_cents),
                euro(row.amount_cents),
            ]
            for row in statement.refunds
        ],
        total=[_("In tutto"), "", "", "", euro(statement.refunded_cents)],
    )


def _member_credit(statement: MemberStatement) -> Flowable:
    return paper.account(
        [
            (_("All’inizio dell’anno"), euro(statement.opening_cents)),
            *((line.label, euro(line.cents, signed=True)) for line in statement.credit),
            (_("Alla fine dell’anno"), euro(statement.closing_cents)),
        ]
    )


def _member_notes(statement: MemberStatement) -> Iterator[Flowable]:
    yield Spacer(0, 6 * mm)
    if statement.debt_cents:
        yield paper.note(
            _("Dopo un reso restano %(cents)s da recuperare: li ripagano i prossimi ritorni.")
            % {"cents": euro(statement.debt_cents)}
        )
    if statement.capital_cents:
        yield paper.note(
            _("Il tuo capitale sociale alla fine dell’anno: %(cents)s.")
            % {"cents": euro(statement.capital_cents)}
        )
    yield paper.note(
        _("Ogni cifra si apre, riga per riga, nelle pagine di Reciproca: lì c’è anche il perché.")
    )


def _cooperative_parts(
    page: Statement, branches: Sequence[BranchPart], title: str, cooperative: str
) -> Iterator[Flowable]:
    yield from paper.title(title, cooperative)
    sold = ngettext(
        "venduti in un acquisto, al netto dei resi",
        "venduti in %(n)s acquisti, al netto dei resi",
        page.sold.sale_count,
    )
    yield from paper.big_figure(
        euro(page.sold.total_cents), sold % {"n": count(page.sold.sale_count)}
    )
    yield paper.Section(_("Il ritorno nato da voi"))
    yield from _branches(branches, page.sold.value_cents)
    yield paper.Section(_("Il vostro credito"))
    yield _issued(page)
    yield paper.Section(_("Chi deve a chi"))
    yield _owed(page)
    if page.payments:
        yield paper.Section(_("Pagamenti della compensazione"))
        yield _payments(page)
    yield Spacer(0, 6 * mm)
    yield paper.note(_("Credito di tutte le cooperative accettato da voi: %(cents)s.") % {
        "cents": euro(page.sold.credit_cents)
    })  # fmt: skip


def _issued(page: Statement) -> Flowable:
    credit = page.credit
    moved = [
        (_("Nato con gli acquisti"), credit.born_cents),
        (_("Nato con il ristorno"), credit.patronage_cents),
        (_("Speso da voi"), credit.spent_here_cents),
        (_("Speso dalle altre"), credit.spent_elsewhere_cents),
        (_("Donato"), credit.given_cents),
        (_("Scaduto"), credit.expired_cents),
    ]
    return paper.account(
        [
            (_("In mano ai soci all’inizio dell’anno"), euro(credit.opening_cents)),
            *((label, euro(cents, signed=True)) for label, cents in moved if cents),
            (_("In mano ai soci alla fine dell’anno"), euro(credit.closing_cents)),
        ]
    )


def _owed(page: Statement) -> Flowable:
    owed = page.owed
    rows = [[pair.name, euro(pair.we_owe_cents), euro(pair.they_owe_cents)] for pair in owed.pairs]
    if owed.opening_cents:
        rows.append(
            [
                _("Di prima"),
                euro(owed.we_owed_before_cents),
                euro(owed.they_owed_before_cents),
            ]
        )
    if owed.we_paid_cents or owed.they_paid_cents:
        rows.append(
            [_("Già pagato per banca"), euro(owed.we_paid_cents), euro(owed.they_paid_cents)]
        )
    owe, receive = max(0, -owed.closing_cents), max(0, owed.closing_cents)
    return paper.table(
        head=[_("Con chi"), _("Dovete"), _("Vi devono")],
        rows=rows,
        total=[_("In tutto"), euro(owe), euro(receive)],
    )


def _payments(page: Statement) -> Flowable:
    return paper.table(
        head=[_("Chi paga"), _("A chi"), _("Stato"), _("Importo")],
        texts=3,
        rows=[
            [
                payment.debtor.name,
                payment.creditor.name,
                _paid(payment),
                euro(payment.amount_cents),
            ]
            for payment in page.payments
        ],
    )


def _paid(payment: Payment) -> str:
    settlement: Settlement | None = getattr(payment, "settlement", None)
    if settlement is None:
        return _("da pagare")
    return _("pagato il %(day)s, %(reference)s") % {
        "day": when(settlement.settled_on, style="full"),
        "reference": settlement.bank_reference,
    }
