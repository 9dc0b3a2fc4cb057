"""Worked examples of clearing: who owes whom, and the payments that are left."""

from django.utils.translation import gettext_lazy as _

from reciproca.clearing.rules import (
    Obligation,
    Redemption,
    gross_cents,
    net_internal_debt_cents,
    netted_payments,
    obligations_of,
    only_set_off,
    positions,
    set_off,
)
from reciproca.shared.errors import DomainError
from reciproca.shared.worked_examples import Adapter, Part


class ObligationsDiffer(DomainError):
    code = "obligations-differ"
    message = _("Dai crediti spesi nascono altri debiti da quelli indicati: %(made)s.")


def obligation_clearing(given: Part) -> object:
    """Set off and net the obligations stated, or those that the stated redemptions make."""
    obligations = _obligations(given)
    net = positions(obligations)
    return {
        "gross_cents": gross_cents(obligations),
        "net_position_cents": net,
        "net_internal_debt_cents": net_internal_debt_cents(net),
        "mtcs": _set_off(obligations),
        "multilateral_netting_payments": [list(payment) for payment in netted_payments(net)],
    }


def _set_off(obligations: list[Obligation]) -> dict[str, object]:
    """Return what is cancelled and what stays of each obligation, in the order they came in."""
    cancelled = set_off(obligations)
    left = {(debtor, creditor): cents for debtor, creditor, cents in cancelled}
    rows = []
    for debtor, creditor, cents in obligations:
        gone = min(cents, left.get((debtor, creditor), 0))
        left[debtor, creditor] = left.get((debtor, creditor), 0) - gone
        rows.append((debtor, creditor, gone, cents - gone))
    return {
        "cleared_total_cents": sum(gone for *_pair, gone, _stays in rows),
        "residual_total_cents": sum(stays for *_pair, _gone, stays in rows),
        "cleared": [[debtor, creditor, gone] for debtor, creditor, gone, _stays in rows],
        "residual": [[debtor, creditor, stays] for debtor, creditor, _gone, stays in rows if stays],
        "optimum_is_unique": only_set_off(obligations, cancelled),
    }


def _obligations(given: Part) -> list[Obligation]:
    stated, redemptions = given.get("obligations"), given.get("redemptions")
    made = obligations_of(_redemptions(redemptions)) if redemptions else None
    if stated is None:
        return made if made is not None else _pairs(given.at("obligations"))
    obligations = _pairs(stated)
    if made is not None and sorted(made) != sorted(obligations):
        raise ObligationsDiffer(made=", ".join("{} → {}: {}".format(*each) for each in made))
    return obligations


def _pairs(stated: Part) -> list[Obligation]:
    rows = [each.each(count=3) for each in stated.each()]
    return [Obligation(row[0].text(), row[1].text(), row[2].not_negative()) for row in rows]


def _redemptions(stated: Part) -> list[Redemption]:
    """Read the table by the names of its columns."""
    columns = [column.text() for column in stated.at("columns").each()]
    found = []
    for row in stated.at("rows").each():
        cells = dict(zip(columns, row.each(count=len(columns)), strict=True))
        by_name = Part({name: cell.value for name, cell in cells.items()}, row.where)
        issuer, acceptor = by_name.at("issuer").text(), by_name.at("acceptor").text()
        found.append(Redemption(issuer, acceptor, by_name.at("face_cents").not_negative()))
    return found


ADAPTERS = {"obligation_clearing": Adapter(obligation_clearing)}
