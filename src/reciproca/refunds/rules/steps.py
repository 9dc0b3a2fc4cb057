"""
The steps of the waterfall in words: what each is called, the article it rests on, and why it came
out as it did. What is stored are the keys, so that a run is read in any language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class StepKey(StrEnum):
    """The steps of the waterfall."""

    PATRONAGE_REFUND = "patronage_refund"
    LEGAL_RESERVE = "legal_reserve"
    MUTUAL_FUND = "mutual_fund"
    DIVIDEND = "dividend"
    INDIVISIBLE_RESERVE = "indivisible_reserve"
    OTHER_RESERVES = "other_reserves"


class Reason(StrEnum):
    """Why a step came out as it did; all but `AS_PROPOSED` and `BY_LAW` are guard rails."""

    BY_LAW = "by_law"
    AS_PROPOSED = "as_proposed"
    MEMBER_SURPLUS = "member_surplus"
    WHAT_IS_LEFT = "what_is_left"
    DIVIDEND_CAP = "dividend_cap"
    DEBT_RATIO = "debt_ratio"
    REMAINDER = "remainder"
    DIVISIBLE_REMAINDER = "divisible_remainder"


GUARD_RAILS = frozenset(
    {Reason.MEMBER_SURPLUS, Reason.WHAT_IS_LEFT, Reason.DIVIDEND_CAP, Reason.DEBT_RATIO}
)

NAMES: Mapping[StepKey, str | Promise] = {
    StepKey.PATRONAGE_REFUND: _("Ristorno ai soci"),
    StepKey.LEGAL_RESERVE: _("Riserva legale"),
    StepKey.MUTUAL_FUND: _("Fondo mutualistico"),
    StepKey.DIVIDEND: _("Dividendo"),
    StepKey.INDIVISIBLE_RESERVE: _("Riserva indivisibile"),
    StepKey.OTHER_RESERVES: _("Altre riserve"),
}

ARTICLES: Mapping[StepKey, str | Promise] = {
    StepKey.PATRONAGE_REFUND: _("art. 2545-sexies c.c."),
    StepKey.LEGAL_RESERVE: _("art. 2545-quater c.c."),
    StepKey.MUTUAL_FUND: _("art. 11, legge 59/1992"),
    StepKey.DIVIDEND: _("artt. 2514 e 2545-quinquies c.c."),
    StepKey.INDIVISIBLE_RESERVE: _("artt. 2514 e 2545-ter c.c."),
    StepKey.OTHER_RESERVES: _("statuto"),
}

WHY: Mapping[Reason, str | Promise] = {
    Reason.BY_LAW: _("È la quota che la legge prescrive."),
    Reason.AS_PROPOSED: _("È quanto è stato proposto."),
    Reason.MEMBER_SURPLUS: _(
        "Il ristorno viene solo dall'avanzo degli scambi con i soci: la proposta è ridotta a"
        " quello."
    ),
    Reason.WHAT_IS_LEFT: _("La proposta è ridotta a ciò che resta dopo i passi precedenti."),
    Reason.DIVIDEND_CAP: _(
        "Il dividendo non può superare l'interesse massimo dei buoni postali aumentato di due punti"
        " e mezzo, sul capitale versato."
    ),
    Reason.DEBT_RATIO: _(
        "Senza un patrimonio netto superiore a un quarto dei debiti non si distribuiscono"
        " dividendi."
    ),
    Reason.REMAINDER: _("È tutto ciò che resta: non si potrà mai dividere fra i soci."),
    Reason.DIVISIBLE_REMAINDER: _("È tutto ciò che resta: va alle riserve che lo statuto prevede."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """
    One step: the amount, and the highest or lowest that law allows (`limit_cents`, None for none).

    `name`, `article` and `why` are sentences in the reader's language; the keys are what is stored.
    """

    key: StepKey
    amount_cents: int
    limit_cents: int | None
    reason: Reason

    @property
    def guard_rail_reached(self) -> bool:
        """Return whether a limit of law made the amount smaller than what was proposed."""
        return self.reason in GUARD_RAILS

    @property
    def name(self) -> str:
        return str(NAMES[self.key])

    @property
    def article(self) -> str:
        return str(ARTICLES[self.key])

    @property
    def why(self) -> str:
        return str(WHY[self.reason])

    def as_dict(self) -> dict[str, str | int | None]:
        """Return what is stored of a step; `from_dict` reads it back."""
        return {
            "key": self.key.value,
            "amount_cents": self.amount_cents,
            "limit_cents": self.limit_cents,
            "reason": self.reason.value,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, str | int | None]) -> "Step":
        amount, limit = stored["amount_cents"], stored["limit_cents"]
        assert isinstance(amount, int)
        assert limit is None or isinstance(limit, int)
        return cls(StepKey(str(stored["key"])), amount, limit, Reason(str(stored["reason"])))
