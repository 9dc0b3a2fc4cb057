"""What can be asked of tills."""

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
    "KnownSale",
    "SaleHere",
    "SaleLine",
    "State",
    "lines_of",
    "one_sale",
    "recorded_sales",
    "sale_of",
    "sales_today",
    "state_of",
    "totals_of",
]
