"""The value-back policy: a document that members adopt, read into figures that can be computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from uuid import UUID

from django.utils.translation import gettext_lazy as _

# As pure as these rules: see postings.py.
from reciproca.ledger.rules import AccountKey, clearing
from reciproca.shared.errors import DomainError
from reciproca.shared.money import FractionUnreadable, parse_fraction

KIND = "value-back"
BRANCH_KEYS = ("member", "common", "territory", "solidarity")
_MAX_YEARS = 10
_MAX_TEXT = 200


class PolicyRefused(DomainError):
    code = "policy-refused"
    message = _("Il documento dei criteri non è completo: manca o non si legge “%(field)s”.")
    status = 422


class PolicyKindUnknown(PolicyRefused):
    code = "policy-kind-unknown"
    message = _("Questo documento non contiene criteri di ritorno nella versione 1.")


class BranchesRefused(PolicyRefused):
    code = "policy-branches"
    message = _(
        "I rami vanno indicati in quest'ordine, ciascuno una volta: prima la parte del socio, poi"
        " fondo comune, territorio, solidarietà. Gli ultimi tre si possono togliere."
    )


class SharesRefused(PolicyRefused):
    code = "policy-shares"
    message = _("Le quote dei rami devono fare 1 in tutto: adesso fanno %(sum)s.")


class BranchWithoutFund(PolicyRefused):
    code = "policy-branch-without-fund"
    message = _("Scegli il fondo in cui arriva la parte “%(branch)s”.")


class MemberBranchWithFund(PolicyRefused):
    code = "policy-member-branch-with-fund"
    message = _(
        "La parte del socio non ha un fondo: se va messa in comune, scegli “pooled” e il suo fondo."
    )


class PoolMissing(PolicyRefused):
    code = "policy-pool-missing"
    message = _("La parte dei soci si raccoglie in comune: scegli il fondo che la raccoglie.")


class PoolNotNeeded(PolicyRefused):
    code = "policy-pool-not-needed"
    message = _(
        "La parte del socio gli viene accreditata subito: togli il fondo che la raccoglie, oppure"
        " scegli “pooled”."
    )


class ExpiryRefused(PolicyRefused):
    code = "policy-expiry"
    message = _("Indica dopo quanti anni scadono i crediti: un numero intero da 0 a %(most)s.")


class RateRefused(DomainError):
    code = "rate-refused"
    message = _("La quota promessa va da 0 a 100 per cento: adesso è %(rate)s.")
    status = 422


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of value: its share, its name in both languages and the fund it lands in."""

    key: str
    name: Mapping[str, str]
    share: Fraction
    fund_id: UUID | None


@dataclass(frozen=True, slots=True)
class ValueBackPolicy:
    """
    An adopted policy, ready to compute.

    `branches[0]` is the member's. `pool_id` is set when the member's part is pooled. `others` holds
    the shares of the other branches as integer pairs, so that a year of purchases is computed
    without a fraction being built; `fund_ids` where each branch lands, in order, None where the
    member's part is the own, and `fund_accounts` the accounts there; `columns` their places in
    `BRANCH_KEYS`. `PolicyRefused` tells what is missing in a document.
    """

    title: str
    branches: tuple[Branch, ...]
    pool_id: UUID | None
    expires_after_years: int
    expired_to_id: UUID
    others: tuple[tuple[int, int], ...] = field(init=False, repr=False)
    fund_ids: tuple[UUID | None, ...] = field(init=False, repr=False)
    fund_accounts: tuple[AccountKey | None, ...] = field(init=False, repr=False)
    columns: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        others = self.branches[1:]
        ratios = tuple(branch.share.as_integer_ratio() for branch in others)
        object.__setattr__(self, "others", ratios)
        funds = (self.pool_id, *(branch.fund_id for branch in others))
        object.__setattr__(self, "fund_ids", funds)
        accounts = tuple(clearing(node=fund) if fund else None for fund in funds)
        object.__setattr__(self, "fund_accounts", accounts)
        columns = tuple(BRANCH_KEYS.index(branch.key) for branch in self.branches)
        object.__setattr__(self, "columns", columns)

    @property
    def pooled(self) -> bool:
        """Return whether the member's part waits in a pool for a run by criteria."""
        return self.pool_id is not None

    def expires_on(self, happened_on: date) -> date:
        """Return the last day of credit born on `happened_on`: the end of a later year."""
        return date(happened_on.year + self.expires_after_years, 12, 31)

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "ValueBackPolicy":
        """
        Return the policy a document states.

        Shape: `{"kind": "value-back", "v": 1, "title": text, "branches": [{"key", "name": {"it",
        "en"}, "share": "2/5", "node": uuid or null}], "member_part": "own" or "pooled", "pool":
        uuid or null, "expires_after_years": 1, "expired_to": uuid}`.

        Raises: PolicyRefused or one of its kinds.
        """
        if document.get("kind") != KIND or document.get("v") != 1:
            raise PolicyKindUnknown
        return cls(
            title=_text(document, "title"),
            branches=_branches(document.get("branches")),
            pool_id=_pool_id(document),
            expires_after_years=_years(document.get("expires_after_years")),
            expired_to_id=_node_id(document, "expired_to"),
        )


def check_rate(rate: Fraction) -> Fraction:
    """Return `rate` if a seller may commit it: from 0 to 1. Raises: RateRefused."""
    if not 0 <= rate <= 1:
        raise RateRefused(rate=rate)
    return rate


def _branches(stated: object) -> tuple[Branch, ...]:
    if not isinstance(stated, Sequence) or isinstance(stated, str):
        raise PolicyRefused(field="branches")
    branches = tuple(_branch(each) for each in stated)
    keys = [branch.key for branch in branches]
    if keys != [key for key in BRANCH_KEYS if key in keys] or keys[:1] != ["member"]:
        raise BranchesRefused
    total = sum((branch.share for branch in branches), Fraction())
    if total != 1:
        raise SharesRefused(sum=total)
    return branches


def _branch(stated: object) -> Branch:
    if not isinstance(stated, Mapping):
        raise PolicyRefused(field="branches")
    key = _text(stated, "key")
    if key not in BRANCH_KEYS:
        raise BranchesRefused
    names = stated.get("name")
    if not isinstance(names, Mapping):
        raise PolicyRefused(field="name")
    name = {language: _text(names, language) for language in ("it", "en")}
    fund_id = None if stated.get("node") is None else _node_id(stated, "node")
    if key == "member" and fund_id is not None:
        raise MemberBranchWithFund
    if key != "member" and fund_id is None:
        raise BranchWithoutFund(branch=name["it"])
    return Branch(key, name, _share(stated), fund_id)


def _share(stated: Mapping[str, object]) -> Fraction:
    try:
        return parse_fraction(_text(stated, "share"))
    except FractionUnreadable as refusal:
        raise PolicyRefused(field="share") from refusal


def _pool_id(document: Mapping[str, object]) -> UUID | None:
    part = document.get("member_part")
    if part not in ("own", "pooled"):
        raise PolicyRefused(field="member_part")
    if part == "own":
        if document.get("pool") is not None:
            raise PoolNotNeeded
        return None
    if document.get("pool") is None:
        raise PoolMissing
    return _node_id(document, "pool")


def _years(stated: object) -> int:
    if not isinstance(stated, int) or isinstance(stated, bool) or not 0 <= stated <= _MAX_YEARS:
        raise ExpiryRefused(most=_MAX_YEARS)
    return stated


def _text(stated: Mapping[str, object], name: str) -> str:
    text = stated.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > _MAX_TEXT:
        raise PolicyRefused(field=name)
    return text


def _node_id(stated: Mapping[str, object], name: str) -> UUID:
    try:
        return UUID(_text(stated, name))
    except ValueError as mistake:
        raise PolicyRefused(field=name) from mistake
