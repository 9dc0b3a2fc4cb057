"""Everything that moved for a member, page by page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from reciproca.purchases import queries as purchases
from reciproca.purchases.queries import Period
from reciproca.registry import queries as registry
from reciproca.shared.gates import role_required
from reciproca.shared.timeline import Moment, Sought
from reciproca.shared.types import MemberRequest
from reciproca.web.member import movements as listed
from reciproca.web.member.gift_form import AnyMarkEuroField
from reciproca.web.member.purse import purse_of
from reciproca.web.member.value import capitalised, period_title
from reciproca.web.views.profile import own_id

KIND_TITLES: Mapping[str, str | Promise] = {
    "": pgettext_lazy("i movimenti", "Tutti"),
    listed.PURCHASES: gettext_lazy("Acquisti"),
    listed.REFUNDS: gettext_lazy("Resi"),
    listed.GIFTS: gettext_lazy("Doni"),
    listed.EXPIRED: gettext_lazy("Scaduti"),
    listed.PATRONAGE: gettext_lazy("Ristorni"),
    listed.PARTS: gettext_lazy("Riparti"),
    listed.RECOVERY: gettext_lazy("Recuperi"),
}
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; `to` gives the address of a neighbouring question."""

    kind: str
    node_id: UUID | None
    period: Period | None
    text: str
    before: Moment | None

    @classmethod
    def by(cls, query: QueryDict) -> "Asked":
        kind = query.get("kind", "")
        return cls(
            kind=kind if kind in listed.KINDS else "",
            node_id=_uuid(query.get("with", "")),
            period=Period.read(query.get("period", "")),
            text=" ".join(query.get("q", "")[:LONGEST_TEXT].split()),
            before=Moment.read(query.get("before", "")),
        )

    def to(self, **changes: str) -> str:
        """Return the query of the same list with something changed, from its beginning."""
        asked = {
            "kind": self.kind,
            "with": str(self.node_id or ""),
            "period": self.period.key if self.period else "",
            "q": self.text,
            **changes,
        }
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def query(self) -> str:
        return self.to()

    @property
    def is_filtered(self) -> bool:
        return bool(self.to())

    def sought(self) -> Sought:
        """Return what the rooms are asked; one SQL query where something was typed."""
        return Sought(
            node_ids=[self.node_id] if self.node_id else None,
            first_day=self.period.first_day if self.period else None,
            next_day=self.period.next_day if self.period else None,
            text=self.text,
            named=registry.nodes_named(self.text) if self.text else (),
            cents=_cents(self.text),
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter, or a chip that is an address."""

    label: str | Promise
    value: str
    current: bool
    url: str = ""


@require_safe
@role_required("member")
def movements(request: MemberRequest) -> HttpResponse:
    """Show what moved for a member; asked for more, only the next rows."""
    asked, member_id = Asked.by(request.GET), own_id(request)
    page = listed.movement_page(
        member_id=member_id, kind=asked.kind, sought=asked.sought(), before=asked.before
    )
    more = f"?{asked.to(before=page.next.key)}" if page.next else ""
    context = {"asked": asked, "page": page, "more": more}
    if request.htmx and asked.before:
        return render(request, "web/movement_rows.html", context)
    context |= {
        "purse": purse_of(member_id=member_id, today=timezone.localdate()),
        "kinds": _kinds(asked),
        "sellers": _sellers(asked, member_id),
        "periods": _periods(asked, member_id),
    }
    return render(request, "web/movements.html", context)


def _kinds(asked: Asked) -> Sequence[Choice]:
    here = reverse("web:movements")
    return [
        Choice(title, kind, kind == asked.kind, f"{here}?{asked.to(kind=kind)}")
        for kind, title in KIND_TITLES.items()
    ]


def _sellers(asked: Asked, member_id: UUID) -> Iterator[Choice]:
    found = dict(purchases.sellers_of(buyer_id=member_id))
    if asked.node_id and asked.node_id not in found:
        found |= registry.names_of([asked.node_id])
    for node, name in found.items():
        yield Choice(name, str(node), node == asked.node_id)


def _periods(asked: Asked, member_id: UUID) -> Iterator[Choice]:
    for period in purchases.periods_of(buyer_id=member_id):
        title = capitalised(period_title(period))
        yield Choice(title, period.key, period == asked.period)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _cents(text: str) -> int | None:
    """Return the amount that somebody typed, None when it is none."""
    try:
        cents: int | None = AnyMarkEuroField(required=False).clean(text)
    except ValidationError:
        return None
    return cents
