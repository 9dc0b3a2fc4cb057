"""Worked examples of value back: what purchases give, and VAT when credits pay."""

from collections import defaultdict
from fractions import Fraction
from uuid import UUID

from reciproca.shared.worked_examples import Adapter, Part
from reciproca.valueback.rules import (
    BasketLine,
    Branch,
    Treatment,
    ValueBackPolicy,
    check_rate,
    line_value,
    vat_on_redemption,
)

# The examples name funds and cooperatives by words; which node it is does not change a figure.
_ANY_NODE = UUID(int=0)
_NO_NAME = {"it": "", "en": ""}


def value_back(given: Part) -> object:
    """Compute each transaction on its own, and sum by member, community and cooperative."""
    schemes = {
        name: (check_rate(scheme.at("rate").fraction()), _policy(scheme))
        for name, scheme in given.at("schemes").fields().items()
    }
    lines: list[dict[str, object]] = []
    by_member: dict[str, int] = defaultdict(int)
    by_community: dict[str, int] = defaultdict(int)
    by_coop = dict.fromkeys(schemes, 0)
    for transaction in given.at("transactions").each():
        coop = transaction.at("coop").choice(*schemes)
        rate, policy = schemes[coop]
        base = transaction.at("net_cents").whole()
        _, value, (own, common) = line_value(policy=policy, rate=rate, base_cents=base)
        by_coop[coop] += value
        by_member[transaction.at("member").text()] += own
        by_community[transaction.at("community").text()] += common
        tx = transaction.at("tx").text()
        lines.append(
            {"tx": tx, "value_back_cents": value, "member_cents": own, "community_cents": common}
        )
    return {
        "lines": lines,
        "member_balance_cents": dict(by_member),
        "community_fund_cents": dict(by_community),
        "issued_by_coop_cents": by_coop,
    }


def redemption(given: Part) -> object:
    """Compute the VAT of a basket that credits pay in part."""
    answer = vat_on_redemption(
        run_id=given.at("run_id").text(),
        treatment=Treatment(given.at("treatment").choice(*Treatment)),
        credit_cents=given.at("credit_cents").not_negative(),
        lines=[
            BasketLine(
                line.at("id").text(),
                line.at("gross_cents").not_negative(),
                line.at("vat_pct").fraction(),
            )
            for line in given.at("lines").each()
        ],
    )
    return {
        "discount_by_line_cents": answer.discount_by_line_cents,
        "by_rate": {
            str(rate): {
                "gross_cents": total.gross_cents,
                "net_cents": total.net_cents,
                "vat_cents": total.vat_cents,
            }
            for rate, total in answer.by_rate.items()
        },
        "vat_total_cents": answer.vat_total_cents,
        "cash_due_cents": answer.cash_due_cents,
    }


def _policy(scheme: Part) -> ValueBackPolicy:
    common = check_rate(scheme.at("community_share").fraction())
    return ValueBackPolicy(
        title="",
        branches=(
            Branch("member", _NO_NAME, Fraction(1) - common, None),
            Branch("common", _NO_NAME, common, _ANY_NODE),
        ),
        pool_id=None,
        expires_after_years=1,
        expired_to_id=_ANY_NODE,
    )


ADAPTERS = {"value_back": Adapter(value_back), "vat_on_redemption": Adapter(redemption)}
