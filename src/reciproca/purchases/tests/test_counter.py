"""A sale to whoever shows a card."""

from collections.abc import Callable

import pytest

from reciproca.ledger import queries as ledger
from reciproca.ledger import rules as accounts
from reciproca.purchases import actions
from reciproca.purchases.errors import KeyReused
from reciproca.purchases.forms import NOT_LOOKED_UP
from reciproca.purchases.models import Purchase
from reciproca.purchases.tests.community import NOON, Community, credit_of, make_community
from reciproca.purchases.tests.test_at_once import at_once
from reciproca.registry import actions as registry
from reciproca.registry import queries as cards
from reciproca.registry.actions.card_proofs import CardIsBlocked, ShownTooLongAgo, SpendingNotProved
from reciproca.registry.models import Node
from reciproca.valueback.rules import NotSpendable

PIN = "40718"


def show(
    here: Community, *, who: Node | None = None, shop: Node | None = None, pin: str = ""
) -> registry.Shown:
    """Show a card at a shop, and type its PIN where there is one."""
    number = cards.live_card_number(person_id=(who or here.ada).id)
    seller = (shop or here.lievito).id
    shown = registry.show_card(text=number, seller_id=seller, shown_at=NOON)
    if pin:
        registry.prove_by_pin(shown_id=shown.id, seller_id=seller, pin=pin, asked_at=NOON)
    return shown


def give_cards(here: Community) -> Community:
    people = [here.ada.id, here.bruno.id]
    registry.issue_cards(people=people, issued_by=None, issued_at=NOON)
    for person in people:
        registry.set_pin(person_id=person, pin=PIN, set_by=None, set_at=NOON)
    return here


def selling(
    here: Community, shown: registry.Shown | None, cents: int = 1_200, **more: object
) -> Callable[[], Purchase]:
    sale = here.sale(cents, **more)._replace(buyer_id=None)  # type: ignore[arg-type]
    return lambda: actions.sell(
        sale=sale, shown_id=shown.id if shown else None, recorded_by=None, recorded_at=NOON
    )


def key_of(shop: Node) -> registry.NewKey:
    return registry.create_api_key(
        organisation_id=shop.id, name="Cassa", created_by=None, created_at=NOON
    )


def sold(
    here: Community, api_key: str, card: str, cents: int = 1_200, **more: object
) -> Callable[[], Purchase]:
    sale = here.sale(cents, **more)  # type: ignore[arg-type]
    told = sale._replace(seller_id=NOT_LOOKED_UP, buyer_id=None)
    return lambda: actions.sell_at_once(actions.AtOnce(api_key, told, card, "", NOON))


@pytest.mark.django_db
class TestOneAfterTheOther:
    @pytest.fixture
    def here(self) -> Community:
        return give_cards(make_community())

    def test_whoever_showed_the_card_gets_the_value(self, here: Community) -> None:
        purchase = selling(here, show(here, who=here.bruno))()

        assert (purchase.buyer_id, purchase.member_cents) == (here.bruno.id, 24)
        assert credit_of(here.bruno) == 24

    def test_without_a_card_nobody_does(self, here: Community) -> None:
        assert selling(here, None)().buyer_id is None

    def test_credit_is_spent_with_the_pin_and_not_without(self, here: Community) -> None:
        here.buy(10_000)

        with pytest.raises(SpendingNotProved):
            selling(here, show(here), credit=50)()
        spent = selling(here, show(here, pin=PIN), credit=50)()

        assert (spent.credit_cents, credit_of(here.ada)) == (50, 200 - 50 + spent.member_cents)

    def test_a_showing_is_for_one_sale(self, here: Community) -> None:
        shown = show(here)
        selling(here, shown)()

        with pytest.raises(ShownTooLongAgo):
            selling(here, shown)()

    def test_the_same_sale_sent_again_is_the_first_and_another_is_refused(
        self, here: Community
    ) -> None:
        shown = show(here)
        send = selling(here, shown, key="once")

        assert send() == send()
        with pytest.raises(KeyReused):
            selling(here, shown, 1_300, key="once")()
        assert Purchase.objects.count() == 1

    def test_a_sale_that_is_refused_leaves_its_showing_good(self, here: Community) -> None:
        shown = show(here, pin=PIN)
        with pytest.raises(NotSpendable):
            selling(here, shown, credit=5_000)()

        assert selling(here, shown)().buyer_id == here.ada.id

    def test_a_card_blocked_after_it_was_shown_buys_nothing(self, here: Community) -> None:
        shown = show(here)
        registry.block_card(person_id=here.ada.id, blocked_by=here.bruno.id, blocked_at=NOON)

        with pytest.raises(CardIsBlocked):
            selling(here, shown)()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_sale_sent_by_many_at_once_is_one_purchase(self) -> None:
        here = give_cards(make_community())
        send = selling(here, show(here))

        answers = at_once(*[send] * 8)

        assert len({answer.id for answer in answers if isinstance(answer, Purchase)}) == 1
        assert all(isinstance(answer, Purchase) for answer in answers)

    def test_sales_made_at_the_same_moment_are_each_answered_and_refused_on_their_own(self) -> None:
        here = give_cards(make_community())
        ada, bruno = (
            cards.live_card_number(person_id=person.id) for person in (here.ada, here.bruno)
        )
        registry.block_card(person_id=here.bruno.id, blocked_by=here.bruno.id, blocked_at=NOON)
        lievito, molino, revoked = (
            key_of(shop) for shop in (here.lievito, here.molino, here.lievito)
        )
        registry.revoke_api_key(key_id=revoked.id, revoked_by=here.bruno.id, revoked_at=NOON)
        first = sold(here, lievito.secret, ada, key="reused")()

        answers = at_once(
            *(sold(here, key.secret, ada) for _ in range(6) for key in (lievito, molino)),
            sold(here, lievito.secret, bruno),
            sold(here, lievito.secret, ada, key="reused"),
            sold(here, lievito.secret, ada, 1_300, key="reused"),
            sold(here, lievito.secret, ada, credit=50),
            sold(here, revoked.secret, ada),
        )

        made, refused = answers[:12], answers[12:]
        sellers = [each.seller_id for each in made if isinstance(each, Purchase)]
        assert sorted(sellers) == sorted([here.lievito.id, here.molino.id] * 6)
        assert refused[1] == first
        assert [type(refused[each]) for each in (0, 2, 3, 4)] == [
            CardIsBlocked,
            KeyReused,
            SpendingNotProved,
            cards.KeyUnknown,
        ]
        assert Purchase.objects.count() == 13

    def test_a_key_that_is_revoked_sells_no_more_from_that_moment(self) -> None:
        here = give_cards(make_community())
        key = key_of(here.lievito)
        send = sold(here, key.secret, "", key="once")
        send()

        registry.revoke_api_key(key_id=key.id, revoked_by=here.ada.id, revoked_at=NOON)

        with pytest.raises(cards.KeyUnknown):
            send()

    def test_two_sales_with_one_showing_are_one(self) -> None:
        here = give_cards(make_community())
        shown = show(here)

        answers = at_once(*(selling(here, shown) for _ in range(8)))

        assert sum(isinstance(answer, Purchase) for answer in answers) == 1
        assert sum(isinstance(answer, ShownTooLongAgo) for answer in answers) == 7

    def test_two_tills_never_spend_the_same_credit(self) -> None:
        here = give_cards(make_community())
        here.buy(10_000)
        tills = [here.molino, here.roncolago] * 4
        sales = [
            selling(here, show(here, shop=shop, pin=PIN), 200, shop=shop, credit=200)
            for shop in tills
        ]

        answers = at_once(*sales)

        assert sum(isinstance(answer, Purchase) for answer in answers) == 1
        issued = ledger.balance(accounts.issued(issuer=here.lievito.id))
        assert (credit_of(here.ada), issued) == (0, 0)
