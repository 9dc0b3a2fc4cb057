"""The year's end: accounts and resolutions entered, the year closed, some payments confirmed."""

from datetime import datetime

from reciproca.clearing import actions as clearing
from reciproca.clearing.models import Payment
from reciproca.control_room import actions as control_room
from reciproca.control_room.models import YearClose
from reciproca.demo.accounts import AccountsPlan
from reciproca.demo.days import date_of
from reciproca.demo.founding import Nodes
from reciproca.demo.plan import CommunityPlan
from reciproca.refunds import actions as refunds
from reciproca.refunds.forms import AccountsIn, ResolutionIn
from reciproca.shared.progress import Progress

# Of five payments the banks have confirmed three: a page with nothing left to do teaches nothing.
CONFIRMED_OF_FIVE = 3


def close(
    *, plan: CommunityPlan, nodes: Nodes, year: int, now: datetime, progress: Progress
) -> YearClose:
    """Enter every cooperative's accounts, close the year and confirm part of the payments."""
    for each in plan.accounts:
        progress("accounts", each.cooperative, len(plan.accounts))
        _enter(each, nodes, year, now)
    closed = control_room.close_year(year=year, closed_by=None, closed_at=now, progress=progress)
    _confirm(year, now)
    control_room.refresh_alerts(at=now)
    return closed


def _enter(plan: AccountsPlan, nodes: Nodes, year: int, now: datetime) -> None:
    cooperative = nodes.cooperatives[plan.cooperative]
    refunds.enter_accounts(
        cooperative_id=cooperative,
        year=year,
        figures=AccountsIn(
            net_profit_cents=plan.net_profit_cents,
            member_surplus_cents=plan.member_surplus_cents,
            refund_proposed_cents=plan.refund_proposed_cents,
            paid_up_capital_cents=plan.paid_up_capital_cents,
            net_equity_cents=plan.net_equity_cents,
            total_debt_cents=plan.total_debt_cents,
            dividend_proposed_cents=plan.dividend_proposed_cents,
            postal_bond_rate_bp=plan.postal_bond_rate_bp,
            refund_accounting=plan.refund_accounting,
            cash_share_bp=plan.cash_share_bp,
            capital_share_bp=plan.capital_share_bp,
            share_value_cents=plan.share_value_cents,
        ),
        entered_by=None,
        entered_at=now,
    )
    refunds.attach_resolution(
        cooperative_id=cooperative,
        year=year,
        resolution=ResolutionIn(
            adopted_on=date_of(year=year, day=plan.assembly_day),
            protocol_number=plan.protocol_number,
        ),
        title=f"Bilancio {year} e ristorno ai soci",
        recorded_by=None,
        recorded_at=now,
    )


def _confirm(year: int, now: datetime) -> None:
    payments = Payment.objects.filter(settlement=None).order_by("amount_cents", "end_to_end_id")
    clearing.confirm_payments(
        confirmations=[
            clearing.Confirmation(payment.id, f"CRO{year}{number:08}")
            for number, payment in enumerate(payments)
            if number % 5 < CONFIRMED_OF_FIVE
        ],
        settled_on=now.date(),
        confirmed_by=None,
        recorded_at=now,
    )
