"""Worked examples of buying together: an order of a purchasing group from bookings to the bill."""

from collections import Counter
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from reciproca.joint_buying.rules import (
    ROUNDINGS,
    SHARINGS,
    Outcome,
    Product,
    Rung,
    Sharing,
    Wanted,
    billed_quantity,
    goods_cents,
    most_held_cents,
    reconcile,
    shipping_shares,
)
from reciproca.shared.errors import DomainError
from reciproca.shared.worked_examples import Adapter, ExampleUnreadable, Part

WORDS = {
    "as-wanted": "as_wanted",
    "filled": "filled_to_full_packs",
    "reduced-to-full-packs": "reduced_to_full_packs",
    "raised-to-full-packs": "raised_to_full_packs",
    "below-minimum": "cancelled_below_minimum",
}


class ProductUnknown(DomainError):
    code = "product-unknown"
    message = _("“%(where)s” nomina il prodotto “%(product)s”, che nel file non c’è.")
    status = 422


def gas_order(given: Part) -> object:
    """Close an order: what is ordered, what each gets, holds, pays with transport, and has left."""
    products = {each.at("id").text(): each for each in given.at("products").each()}
    told = {name: _product(each) for name, each in products.items()}
    sharing: Sharing = "first-come"
    if (named := given.get("sharing")) is not None:
        sharing = named.choice(*SHARINGS)  # type: ignore[assignment]
    wanted = _wanted(given, told)
    stock = given.at("surplus_member").text()
    outcomes = {
        name: reconcile(product=product, wanted=wanted[name], sharing=sharing)
        for name, product in told.items()
    }
    held, goods = Counter[str](), Counter[str]()
    for name, outcome in outcomes.items():
        _bill(given, name, told[name], outcome, stock, held, goods)
    shipping = given.at("shipping_cents").not_negative()
    shares = shipping_shares(total_cents=shipping, goods=goods, run_id=given.at("run_id").text())
    wallets = given.at("wallet_cents").fields()
    orders = {}
    for taker in goods:
        total = goods[taker] + shares[taker]
        wallet = given.at("wallet_cents").at(taker) if taker in wallets else None
        orders[taker] = {
            "goods_cents": goods[taker],
            "held_cents": held[taker],
            "shipping_cents": shares[taker],
            "total_cents": total,
            "wallet_after_cents": (wallet.whole() if wallet else 0) - total,
        }
    return {
        "products": {name: _shown(outcome, stock) for name, outcome in outcomes.items()},
        "orders": orders,
        "supplier_total_cents": goods.total(),
        "grand_total_cents": goods.total() + sum(shares.values()),
    }


def _bill(
    given: Part,
    name: str,
    product: Product,
    outcome: Outcome,
    stock: str,
    held: Counter[str],
    goods: Counter[str],
) -> None:
    """Add what everybody holds and owes for one product; the stock takes what nobody wanted."""
    price = outcome.unit_price_cents
    if price is None:
        return
    scales = given.get("delivered")
    weighed = scales.get(name) if scales else None
    weights = weighed.fields() if weighed else {}
    for taker, allotted in _with_stock(outcome, stock).items():
        tolerance = product.weight_tolerance
        delivered = weights[taker].fraction() if taker in weights else allotted
        paid = billed_quantity(allotted=allotted, delivered=delivered, tolerance=tolerance)
        held[taker] += most_held_cents(
            quantity=allotted, unit_price_cents=price, tolerance=tolerance
        )
        goods[taker] += goods_cents(quantity=paid, unit_price_cents=price)


def _with_stock(outcome: Outcome, stock: str) -> dict[str, Fraction]:
    allotted = dict(outcome.allotted)
    if outcome.for_stock:
        allotted[stock] = allotted.get(stock, Fraction(0)) + outcome.for_stock
    return allotted


def _product(given: Part) -> Product:
    def quantity(name: str, otherwise: int) -> Fraction:
        found = given.get(name)
        return found.fraction() if found else Fraction(otherwise)

    rungs = [
        Rung(each.at("from_qty").fraction(), each.at("unit_price_cents").not_negative())
        for each in given.at("price_tiers").each()
    ]
    if not rungs:
        raise ExampleUnreadable(where=given.at("price_tiers").where, wanted=_("almeno un prezzo"))
    pack = quantity("pack_qty", 1)
    if not pack:
        raise ExampleUnreadable(where=given.at("pack_qty").where, wanted=_("un numero positivo"))
    available, rounding = given.get("available_qty"), given.get("rounding")
    return Product(
        ladder=rungs,
        pack=pack,
        minimum=quantity("min_qty", 0),
        available=available.fraction() if available else None,
        portion=quantity("portion_qty", 0),
        rounding=rounding.choice(*ROUNDINGS) if rounding else "down",  # type: ignore[arg-type]
        weight_tolerance=quantity("weight_tolerance", 0),
    )


def _wanted(given: Part, products: dict[str, Product]) -> dict[str, list[Wanted]]:
    """Return the bookings of each product, those of one instant in the order of the file."""
    wanted: dict[str, list[Wanted]] = {name: [] for name in products}
    for number, each in enumerate(given.at("orders").each()):
        name = each.at("product")
        if name.text() not in wanted:
            raise ProductUnknown(where=name.where, product=name.text())
        extra = each.get("extra_qty")
        wanted[name.text()].append(
            Wanted(
                taker=each.at("member").text(),
                quantity=each.at("qty").fraction(),
                order=f"{each.at('at').text()} {number:09d}",
                extra=extra.fraction() if extra else Fraction(0),
            )
        )
    return wanted


def _shown(outcome: Outcome, stock: str) -> dict[str, object]:
    return {
        "status": WORDS[outcome.status],
        "ordered_qty": str(outcome.ordered),
        "unit_price_cents": outcome.unit_price_cents,
        "allotted": {
            taker: str(quantity) for taker, quantity in _with_stock(outcome, stock).items()
        },
    }


ADAPTERS = {"gas_order": Adapter(gas_order)}
