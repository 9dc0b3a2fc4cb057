"""What can be asked of tills."""

from reciproca.tills.queries.held import (
    HeldPage,
    HeldRow,
    held_count,
    held_sale,
    held_sales,
    why_held,
)
from reciproca.tills.queries.people import Found, search_members
from reciproca.tills.queries.receipt import Receipt, receipt_of
from reciproca.tills.queries.sales import (
    KnownSale,
    SaleHere,
    SaleLine,
    lines_of,
    one_sale,
    recorded_sales,
    sale_of,
    sales_today,
)
from reciproca.tills.queries.state import State, state_of, totals_of

__all__ = [
    "Found",
    "HeldPage",
    "HeldRow",
    "KnownSale",
    "Receipt",
    "SaleHere",
    "SaleLine",
    "State",
    "held_count",
    "held_sale",
    "held_sales",
    "lines_of",
    "one_sale",
    "receipt_of",
    "recorded_sales",
    "sale_of",
    "sales_today",
    "search_members",
    "state_of",
    "totals_of",
    "why_held",
]
