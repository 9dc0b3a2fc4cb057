"""What can be asked of purchases."""

from reciproca.purchases.queries.community import CommunityTotal, community_total, latest_year
from reciproca.purchases.queries.imported import ImportResult, import_result, undone_among
from reciproca.purchases.queries.member import (
    PurchaseRow,
    SellerValue,
    policies_applied,
    purchases_of,
    sellers_of,
    value_by_seller,
)
from reciproca.purchases.queries.moved import MovedRow, moved_by
from reciproca.purchases.queries.periods import Period, periods_of
from reciproca.purchases.queries.reasons import LineReason, PurchaseReason, purchase_reason
from reciproca.purchases.queries.recorded import (
    closed_years,
    expired_called_back,
    purchase_of_seller,
    recorded_by_seller,
    recorded_keys,
)
from reciproca.purchases.queries.seller import (
    Filters,
    LineLeft,
    SoldFigures,
    SoldMonth,
    SoldRow,
    SoldTotal,
    categories_sold,
    lines_left,
    months_sold,
    sold_by,
    sold_figures,
    sold_total,
    years_sold,
)

__all__ = [
    "CommunityTotal",
    "Filters",
    "ImportResult",
    "LineLeft",
    "LineReason",
    "MovedRow",
    "Period",
    "PurchaseReason",
    "PurchaseRow",
    "SellerValue",
    "SoldFigures",
    "SoldMonth",
    "SoldRow",
    "SoldTotal",
    "categories_sold",
    "closed_years",
    "community_total",
    "expired_called_back",
    "import_result",
    "latest_year",
    "lines_left",
    "months_sold",
    "moved_by",
    "periods_of",
    "policies_applied",
    "purchase_of_seller",
    "purchase_reason",
    "purchases_of",
    "recorded_by_seller",
    "recorded_keys",
    "sellers_of",
    "sold_by",
    "sold_figures",
    "sold_total",
    "undone_among",
    "value_by_seller",
    "years_sold",
]
