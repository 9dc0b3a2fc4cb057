"""What can be asked of tills."""

from reciproca.tills.queries.desk import (
    ClosingRow,
    DeviceRow,
    OperatorCodeRow,
    TillPage,
    TillRow,
    closing_of,
    closings_of,
    operator_codes,
    till_of_device,
    till_page,
    tills_of,
)
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
    days_of,
    lines_of,
    one_sale,
    recorded_sales,
    sale_of,
    sales_today,
)
from reciproca.tills.queries.state import State, state_of, totals_of

__all__ = [
    "ClosingRow",
    "DeviceRow",
    "Found",
    "HeldPage",
    "HeldRow",
    "KnownSale",
    "OperatorCodeRow",
    "Receipt",
    "SaleHere",
    "SaleLine",
    "State",
    "TillPage",
    "TillRow",
    "closing_of",
    "closings_of",
    "days_of",
    "held_count",
    "held_sale",
    "held_sales",
    "lines_of",
    "one_sale",
    "operator_codes",
    "receipt_of",
    "recorded_sales",
    "sale_of",
    "sales_today",
    "search_members",
    "state_of",
    "till_of_device",
    "till_page",
    "tills_of",
    "totals_of",
    "why_held",
]
