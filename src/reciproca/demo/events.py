"""What can happen in the invented year. Days are numbered from 0, 1 January, to 364."""

from dataclasses import dataclass

from reciproca.purchases.forms import LineBack, LineIn


@dataclass(frozen=True, slots=True)
class PurchasePlan:
    """
    A purchase: `member` is a person's index, `seller` a position in `cooperatives()`.

    It happens on `day` at `minute`, counted from midnight in Italy, and reaches the network on
    `recorded_day` at `recorded_minute`: later only when the till had no line. The member offers
    up to `credit_wish_cents` of credit. `key` is the till's own number for it.
    """

    key: str
    member: int
    seller: int
    day: int
    minute: int
    recorded_day: int
    recorded_minute: int
    lines: tuple[LineIn, ...]
    credit_wish_cents: int

    @property
    def amount_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """
    What comes back of an earlier purchase: all of it when `lines` is None. An undo is whole.

    Positions of lines count from 1, as on the purchase.
    """

    key: str
    purchase_key: str
    member: int
    seller: int
    recorded_day: int
    recorded_minute: int
    lines: tuple[LineBack, ...] | None
    reason: str
    is_undo: bool


@dataclass(frozen=True, slots=True)
class GiftPlan:
    """Credit that a member would give to a project (by key): at most so much, if there is any."""

    key: str
    member: int
    project: str
    recorded_day: int
    recorded_minute: int
    amount_cents: int


YearEvent = PurchasePlan | RefundPlan | GiftPlan
