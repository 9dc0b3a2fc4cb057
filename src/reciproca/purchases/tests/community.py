"""A small community for the tests: three shops, two members, three funds, one policy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

from reciproca.governance.models import Adoption, Policy, Resolution
from reciproca.governance.rules import canonical, digest
from reciproca.ledger import queries as ledger
from reciproca.ledger import rules as accounts
from reciproca.purchases import actions
from reciproca.purchases.forms import LineBack, LineIn, RefundIn, SaleIn
from reciproca.purchases.models import Purchase
from reciproca.registry.models import Node
from reciproca.valueback import actions as valueback
from reciproca.valueback.queries import spendable

NOON = datetime(2025, 6, 2, 10, tzinfo=UTC)
FIRST_DAY = date(2025, 1, 1)


@dataclass
class Community:
    """Nodes by name, and short ways to do what people do."""

    federation: Node
    common: Node
    territory: Node
    solidarity: Node
    project: Node
    lievito: Node
    roncolago: Node
    molino: Node
    ada: Node
    bruno: Node
    keys: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def shops(self) -> list[Node]:
        return [self.lievito, self.roncolago, self.molino]

    def sale(
        self,
        cents: int | Sequence[tuple[str, int]],
        *,
        shop: Node | None = None,
        member: Node | None = None,
        credit: int = 0,
        up_to: bool = False,
        key: str = "",
        at: datetime = NOON,
        policy: str | None = None,
    ) -> SaleIn:
        lines = [("", cents)] if isinstance(cents, int) else cents
        return SaleIn(
            key=key or f"k{next(self.keys)}",
            seller_id=(shop or self.lievito).id,
            buyer_id=(member or self.ada).id,
            happened_at=at,
            lines=tuple(LineIn(category, amount) for category, amount in lines),
            credit_cents=credit,
            up_to=up_to,
            policy_digest=policy,
        )

    def buy(
        self,
        cents: int | Sequence[tuple[str, int]],
        *,
        recorded_at: datetime = NOON,
        **more: object,
    ) -> Purchase:
        sale = self.sale(cents, **more)  # type: ignore[arg-type]
        return actions.record_sale(
            sale=sale, recorded_by=None, recorded_at=max(recorded_at, sale.happened_at)
        )

    def give_back(
        self,
        purchase: Purchase,
        *lines: tuple[int, int],
        at: datetime = NOON,
        key: str = "",
    ) -> Purchase:
        refund = RefundIn(
            key=key or f"r{next(self.keys)}",
            purchase_id=purchase.id,
            happened_at=at,
            lines=tuple(LineBack(*line) for line in lines) or None,
        )
        return actions.refund_purchase(refund=refund, recorded_by=None, recorded_at=at)


def make_community(
    *, rate_bp: int = 500, expires_after_years: int = 1, pooled: bool = False
) -> Community:
    """Open a community whose policy splits value 40/30/20/10, in force from 2025 on."""
    federation = Node.objects.create(kind="federation", name="Federazione delle Tre Valli")

    def node(kind: str, name: str) -> Node:
        held = federation if kind in ("fund", "pool", "project") else None
        return Node.objects.create(kind=kind, name=name, held_by=held)

    community = Community(
        federation=federation,
        common=node("fund", "Fondo comune"),
        territory=node("fund", "Territorio"),
        solidarity=node("fund", "Solidarietà"),
        project=node("project", "Sentieri"),
        lievito=node("cooperative", "Panificio Il Lievito"),
        roncolago=node("cooperative", "Caseificio Roncolago"),
        molino=node("cooperative", "Molino Basso"),
        ada=node("person", "Ada"),
        bruno=node("person", "Bruno"),
    )
    for shop in community.shops:
        valueback.commit_rate(
            seller_id=shop.id, rate_bp=rate_bp, valid_from=date(2024, 1, 1), recorded_by=None
        )
    pool = node("pool", "Monte soci") if pooled else None
    adopt(community, in_force_on=FIRST_DAY, expires_after_years=expires_after_years, pool=pool)
    return community


def adopt(
    community: Community,
    *,
    in_force_on: date,
    expires_after_years: int = 1,
    pool: Node | None = None,
) -> str:
    """Adopt a policy and return the hash that names it."""

    def branch(key: str, name: str, share: str, node: Node | None) -> dict[str, object]:
        return {
            "key": key,
            "name": {"it": name, "en": name},
            "share": share,
            "node": str(node.id) if node else None,
        }

    document = canonical(
        {
            "kind": "value-back",
            "v": 1,
            "title": f"Criteri dal {in_force_on}",
            "branches": [
                branch("member", "A te", "2/5", None),
                branch("common", "Fondo comune", "3/10", community.common),
                branch("territory", "Territorio", "1/5", community.territory),
                branch("solidarity", "Solidarietà", "1/10", community.solidarity),
            ],
            "member_part": "pooled" if pool else "own",
            "pool": str(pool.id) if pool else None,
            "expires_after_years": expires_after_years,
            "expired_to": str(community.common.id),
        }
    )
    name = digest(document)
    policy = Policy.objects.create(
        digest=name, kind="value-back", title="Criteri", document=document
    )
    resolution = Resolution.objects.create(
        body=community.federation,
        title="Criteri",
        adopted_on=in_force_on,
        protocol_number=name[:8],
    )
    Adoption.objects.create(
        policy=policy,
        kind="value-back",
        in_force_on=in_force_on,
        resolution=resolution,
        legal_basis="Parere legale",
        legal_basis_confirmed_by="Avv. Prova",
    )
    return name


def credit_of(member: Node, *, on: date = date(2025, 6, 2)) -> int:
    return spendable(member_id=member.id, on=on).cents


def owed(node: Node) -> int:
    """Return what a node is owed (positive) or owes (negative)."""
    return ledger.balance(accounts.clearing(node=node.id))
