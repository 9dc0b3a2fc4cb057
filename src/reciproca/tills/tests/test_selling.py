"""Selling at a till: by the addresses that a paired device calls."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils.timezone import now
from tests.makers import client_of

from reciproca.notices.queries import notices_of
from reciproca.purchases.errors import UndoDayOver, UndoTooLate
from reciproca.purchases.forms import LineIn
from reciproca.purchases.models import Purchase
from reciproca.registry import actions as registry
from reciproca.registry.card_codes import phone_code, step_at
from reciproca.registry.forms import PersonIn
from reciproca.registry.models import Membership
from reciproca.shared.access import accesses_to
from reciproca.tills import actions
from reciproca.tills.access import OperatorHere, device_of
from reciproca.tills.models import Device as PairedDevice
from reciproca.tills.models import TillSale
from reciproca.tills.tests.counter import (
    CODE,
    PIN,
    Counter,
    credit_of,
    give_code,
    give_credit,
    give_pin,
    make_counter,
    pair,
    refused,
    told,
)
from reciproca.valueback import actions as valueback

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return make_counter()


class TestTheDevice:
    def test_a_browser_is_paired_by_who_sells_there_and_sells_from_then_on(
        self, counter: Counter
    ) -> None:
        browser = client_of(counter.cast.elsa)
        body = {"till_id": str(counter.device.till.id), "name": "Tablet"}

        answer = browser.post("/till/pairing/", body, "application/json", headers={"X-Till": "1"})

        assert answer.status_code == 201
        cookie = answer.cookies["till"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/till/")
        assert browser.get("/till/state/").json()["till"]["name"] == "Banco"
        assert not PairedDevice.objects.filter(digest=cookie.value).exists()
        told_ada = notices_of(person_id=counter.cast.ada.id)
        assert any("Tablet" in notice.sentence for notice in told_ada)

    def test_nobody_else_pairs_one(self, counter: Counter) -> None:
        body = {"till_id": str(counter.device.till.id), "name": "Tablet"}

        def pairing(person: object) -> int:
            browser = client_of(person)  # type: ignore[arg-type]
            return browser.post(
                "/till/pairing/", body, "application/json", headers={"X-Till": "1"}
            ).status_code

        cast = counter.cast
        assert [pairing(who) for who in (None, cast.bruno, cast.olga)] == [401, 401, 401]
        assert pairing(cast.dario) == 404

    def test_a_revoked_device_is_not_known_any_more(self, counter: Counter) -> None:
        actions.revoke_device(
            device_id=counter.device.id,
            organisation_id=counter.cast.lievito_id,
            revoked_by=None,
            revoked_at=now(),
        )

        for answer in (counter.device.get("state/"), counter.device.sell()):
            assert refused(answer) == (401, "device-unknown")

    def test_what_another_hosts_page_sends_is_refused(self, counter: Counter) -> None:
        device = counter.device

        assert refused(device.post("card/", {}, **{"X-Till": ""})) == (403, "not-from-here")
        crossed = device.post("card/", {}, **{"Sec-Fetch-Site": "cross-site"})
        assert refused(crossed) == (403, "not-from-here")

    def test_what_cannot_be_read_is_named(self, counter: Counter) -> None:
        device = counter.device
        wrong: list[dict[str, object]] = [
            {"amount_cents": -1},
            {"amount_cents": 1.5},
            {"amount_cents": "12"},
            {"amount_cents": 10**13},
            {"amount_cents": 100, "description": "pane\0"},
            {"amount_cents": 100, "category": "x" * 41},
        ]

        for line in wrong:
            answer = device.sell(lines=[line])
            assert refused(answer) == (422, "body-refused")
            assert "lines" in told(answer)["message"]
        assert device.sell(lines=[{"amount_cents": 1}] * 201).status_code == 422
        for body in (b"\xff{", b"[" * 100_000, b'{"code": "' + b"1" * 11_000_000, b"9" * 9_000):
            sent = device.client.post(
                "/till/unlock/", body, "application/json", headers={"X-Till": "1"}
            )
            assert sent.status_code == 422
        assert Purchase.objects.count() == 0

    def test_the_state_holds_what_an_offline_till_needs(self, counter: Counter) -> None:
        valueback.commit_rate(
            seller_id=counter.cast.lievito_id,
            rate_bp=800,
            valid_from=date(2025, 1, 1),
            category="Pane",
            recorded_by=None,
        )

        state = told(counter.device.get("state/"))

        assert state["organisation"]["name"] == "Panificio Il Lievito"
        assert [(each["name"], each["has_code"]) for each in state["operators"]] == [
            ("Ada Bertoldi", False),
            ("Elsa Dallago", True),
        ]
        assert state["categories"] == [{"name": "Pane", "rate_bp": 800}]
        assert (state["rate_bp"], state["limit_bp"]) == (500, 10_000)
        assert state["shares"] == {
            "member": "2/5",
            "common": "1/5",
            "territory": "1/5",
            "solidarity": "1/5",
        }
        assert state["branches"][0] == "A te"
        assert state["open"]["sale_count"] == 0


class TestTheOperator:
    def test_a_locked_device_sells_nothing(self, counter: Counter) -> None:
        device = pair(counter.device.till)

        assert refused(device.sell()) == (401, "operator-unknown")
        assert device.unlock(counter.cast.elsa).status_code == 200
        assert device.sell().status_code == 201

    def test_who_has_no_code_chooses_one_with_their_login(self, counter: Counter) -> None:
        ada, device = counter.cast.ada, counter.device
        assert refused(device.unlock(ada)) == (409, "operator-code-missing")
        login, headers = client_of(ada), {"X-Till": "1"}

        unfit = login.post("/till/code/", {"code": "11111"}, "application/json", headers=headers)
        assert (unfit.status_code, unfit.json()["code"]) == (422, "operator-code-unfit")
        assert (
            login.post(
                "/till/code/", {"code": "90281"}, "application/json", headers=headers
            ).status_code
            == 204
        )

        assert device.unlock(ada, "90281").status_code == 200

    def test_five_wrong_codes_lock_it_and_the_manager_is_told(self, counter: Counter) -> None:
        device, elsa = counter.device, counter.cast.elsa

        lefts = [told(device.unlock(elsa, "31415")).get("left") for _ in range(5)]

        assert lefts == [4, 3, 2, 1, None]
        assert refused(device.unlock(elsa)) == (409, "operator-code-locked")
        told_ada = notices_of(person_id=counter.cast.ada.id)
        assert any("Elsa" in notice.sentence for notice in told_ada)
        give_code(elsa, counter.cast.lievito_id, "90281")
        assert device.unlock(elsa, "90281").status_code == 200

    def test_who_is_no_operator_unlocks_nothing(self, counter: Counter) -> None:
        for person in (counter.cast.bruno, counter.cast.dario):
            assert refused(counter.device.unlock(person)) == (404, "operator-not-here")

    def test_an_ended_mandate_or_a_new_code_locks_what_was_open(self, counter: Counter) -> None:
        device, cast = counter.device, counter.cast
        give_code(cast.elsa, cast.lievito_id)
        assert refused(device.sell()) == (401, "operator-unknown")
        device.unlock(cast.elsa, CODE)
        assert device.sell().status_code == 201

        assert cast.elsa.mandate_id
        registry.end_mandate(mandate_id=cast.elsa.mandate_id, ended_by=cast.ada.id, ended_at=now())

        assert refused(device.sell()) == (401, "operator-unknown")

    def test_a_token_is_for_one_device(self, counter: Counter) -> None:
        other = pair(counter.device.till)
        other.operator = counter.device.operator

        assert refused(other.sell()) == (401, "operator-unknown")


class TestCards:
    def test_a_printed_card_earns_and_shows_no_figure(self, counter: Counter) -> None:
        give_credit(counter.cast, counter.cast.bruno, 500)

        shown = told(counter.device.post("card/", {"text": counter.cast.bruno.card}))

        assert shown["name"] == "Bruno Fedrizzi"
        assert shown["number_masked"] == f"•••• {counter.cast.bruno.card[-4:]}"
        assert (shown["may_spend"], shown["has_pin"]) == (False, False)
        assert shown["spendable_here_cents"] is None
        assert shown["member_since"] == "2025-01-01"

    def test_the_pin_opens_the_credit(self, counter: Counter) -> None:
        bruno, device = counter.cast.bruno, counter.device
        give_pin(bruno)
        give_credit(counter.cast, bruno, 500)
        shown = device.show(bruno)

        wrong = device.post("pin/", {"shown_id": shown, "pin": "99999"})
        assert refused(wrong) == (409, "pin-wrong")
        assert told(wrong)["left"] == 4
        right = device.post("pin/", {"shown_id": shown, "pin": PIN})

        assert told(right) == {"may_spend": True, "spendable_here_cents": 500}

    def test_a_phones_code_opens_it_at_once_and_only_once(self, counter: Counter) -> None:
        phone = registry.pair_phone(person_id=counter.cast.bruno.id, name="", paired_at=now())
        text = phone.number + phone_code(secret=phone.secret, step=step_at(now()))
        give_credit(counter.cast, counter.cast.bruno, 500)

        shown = told(counter.device.post("card/", {"text": text}))

        assert (shown["may_spend"], shown["spendable_here_cents"]) == (True, 500)
        again = counter.device.post("card/", {"text": text})
        assert refused(again) == (409, "phone-code-used")

    def test_what_is_no_card_is_refused(self, counter: Counter) -> None:
        device, bruno = counter.device, counter.cast.bruno
        assert device.post("card/", {"text": "12"}).status_code == 422
        assert device.post("card/", {"text": "1\u0000"}).status_code == 422
        registry.block_card(person_id=bruno.id, blocked_by=bruno.id, blocked_at=now())
        assert refused(device.post("card/", {"text": bruno.card})) == (409, "card-blocked")


class TestSales:
    def test_a_sale_gives_what_was_quoted(self, counter: Counter) -> None:
        device, bruno = counter.device, counter.cast.bruno
        give_pin(bruno)
        give_credit(counter.cast, bruno, 500)
        shown = device.show(bruno, pin=PIN)
        lines: list[dict[str, object]] = [
            {"category": "Pane", "amount_cents": 1_999},
            {"amount_cents": 333},
        ]
        asked = {"shown_id": shown, "lines": lines, "credit_cents": 123}

        quoted = told(device.post("quote/", asked))
        sold = device.sell(shown=shown, lines=lines, credit=123)

        recorded = told(sold)
        assert sold.status_code == 201
        assert (quoted["due_cents"], quoted["spendable_here_cents"]) == (2_209, 500)
        for name in ("total_cents", "credit_cents", "value_cents"):
            assert quoted[name] == recorded[name]
        assert quoted["parts"] == {
            key: recorded[f"{key}_cents"] for key in ("member", "common", "territory", "solidarity")
        }
        assert credit_of(bruno) == 500 - 123 + recorded["member_cents"]
        where = TillSale.objects.get(purchase=recorded["id"])
        assert (where.operator_id, where.device_id) == (counter.cast.elsa.id, device.id)

    def test_a_quote_writes_nothing_and_refuses_what_the_sale_would(self, counter: Counter) -> None:
        device, bruno = counter.device, counter.cast.bruno
        give_pin(bruno)
        give_credit(counter.cast, bruno, 100)
        before = Purchase.objects.count()
        unproved = {"shown_id": device.show(bruno), "lines": [{"amount_cents": 900}]}
        proved = {**unproved, "shown_id": device.show(bruno, pin=PIN)}

        assert device.post("quote/", unproved).status_code == 200
        spending = device.post("quote/", unproved | {"credit_cents": 1})
        assert refused(spending) == (409, "spending-not-proved")
        too_much = device.post("quote/", proved | {"credit_cents": 101})
        assert refused(too_much) == (409, "not-spendable")
        assert (
            told(device.post("quote/", {"shown_id": None, "lines": [{"amount_cents": 1}]}))[
                "value_cents"
            ]
            == 0
        )
        assert (Purchase.objects.count(), credit_of(bruno)) == (before, 100)

    def test_the_sellers_limit_is_told(self, counter: Counter) -> None:
        device, bruno = counter.device, counter.cast.bruno
        valueback.set_acceptance_limit(
            seller_id=counter.cast.lievito_id,
            share_bp=2_500,
            valid_from=date(2025, 1, 1),
            recorded_by=None,
        )
        give_pin(bruno)
        give_credit(counter.cast, bruno, 500)
        shown = device.show(bruno, pin=PIN)

        quoted = device.post("quote/", {"shown_id": shown, "lines": [{"amount_cents": 1_000}]})

        assert told(quoted)["spendable_here_cents"] == 250
        assert refused(device.sell(1_000, shown=shown, credit=251)) == (409, "not-spendable")

    def test_a_key_sent_again_is_the_first_sale_even_with_its_card_used(
        self, counter: Counter
    ) -> None:
        device, key = counter.device, str(uuid4())
        shown = device.show(counter.cast.bruno)

        first, again = (device.sell(shown=shown, key=key) for _ in range(2))

        assert told(first)["id"] == told(again)["id"]
        assert refused(device.sell(1_300, key=key)) == (409, "key-reused")
        assert Purchase.objects.count() == TillSale.objects.count() == 1

    def test_a_sale_is_undone_freely_then_with_a_reason(self, counter: Counter) -> None:
        device = counter.device
        sale, later = told(device.sell(shown=device.show(counter.cast.bruno))), str(uuid4())

        undone = device.post(f"sales/{sale['id']}/undo/", {"key": later})
        again = device.post(f"sales/{sale['id']}/undo/", {"key": later})

        assert (told(undone)["total_cents"], told(undone)["is_undo"]) == (-1_200, True)
        assert told(undone)["id"] == told(again)["id"]
        assert credit_of(counter.cast.bruno) == 0
        twice = device.post(f"sales/{sale['id']}/undo/", {"key": str(uuid4())})
        assert refused(twice) == (409, "nothing-left")
        [back, shown] = told(device.get("sales/"))["sales"]
        assert (shown["undone"], back["corrects"]) == (True, sale["id"])

    def test_a_part_is_given_back_and_only_what_is_left(self, counter: Counter) -> None:
        device = counter.device
        lines: list[dict[str, object]] = [
            {"amount_cents": 500},
            {"amount_cents": 700, "description": "Miele"},
        ]
        sale = told(device.sell(lines=lines))
        path = f"sales/{sale['id']}/"
        one = {"key": str(uuid4()), "lines": [{"position": 2, "amount_cents": 300}]}

        assert told(device.post(path + "refunds/", one))["total_cents"] == -300
        left = [line["left_cents"] for line in told(device.get(path))["lines"]]
        assert left == [500, 400]
        too_much = {"key": str(uuid4()), "lines": [{"position": 2, "amount_cents": 401}]}
        assert device.post(path + "refunds/", too_much).status_code in (409, 422)
        whole = device.post(path + "refunds/", {"key": str(uuid4()), "lines": None})
        assert told(whole)["total_cents"] == -900

    def test_another_cooperatives_sales_do_not_exist_here(self, counter: Counter) -> None:
        cast = counter.cast
        theirs = counter.another(cooperative=cast.roncolago_id)
        theirs.unlock(cast.dario)
        sale = told(theirs.sell())
        shown = theirs.show(cast.bruno)
        path, key = f"sales/{sale['id']}/", {"key": str(uuid4())}

        for answer in (
            counter.device.get(path),
            counter.device.post(path + "undo/", key),
            counter.device.post(path + "refunds/", key),
        ):
            assert refused(answer) == (404, "sale-unknown")
        assert told(counter.device.get("sales/"))["sales"] == []
        assert refused(counter.device.sell(shown=shown)) == (409, "shown-too-long-ago")

    def test_a_till_lists_today_in_few_queries(
        self, counter: Counter, django_assert_max_num_queries: object
    ) -> None:
        for _ in range(5):
            counter.device.sell(shown=counter.device.show(counter.cast.bruno))

        with django_assert_max_num_queries(4):  # type: ignore[operator]
            rows = told(counter.device.get("sales/"))["sales"]

        assert [row["buyer_name"] for row in rows] == ["Bruno Fedrizzi"] * 5
        assert told(counter.device.get("sales/?q=fedr"))["sales"] == rows
        assert told(counter.device.get("sales/?q=Fèdrizzi"))["sales"] == rows
        assert told(counter.device.get(f"sales/?q={rows[0]['key'][:18]}"))["sales"] == rows[:1]
        assert told(counter.device.get("sales/?q=carla"))["sales"] == []


class TestWithoutACard:
    def test_a_member_is_named_and_earns_but_spends_nothing(self, counter: Counter) -> None:
        device, bruno = counter.device, counter.cast.bruno
        give_pin(bruno)
        give_credit(counter.cast, bruno, 500)
        who = {"membership_id": str(bruno.membership_id)}

        shown = told(device.post("card/", who))

        assert (shown["may_spend"], shown["has_pin"]) == (False, False)
        assert refused(device.sell(shown=shown["shown_id"], credit=1)) == (
            409,
            "spending-not-proved",
        )
        proving = device.post("pin/", {"shown_id": shown["shown_id"], "pin": PIN})
        assert refused(proving) == (409, "shown-too-long-ago")
        quoted = {"shown_id": shown["shown_id"], "lines": [{"amount_cents": 1_200}]}
        assert told(device.post("quote/", quoted))["parts"]["member"] == 24
        assert told(device.sell(shown=shown["shown_id"]))["member_cents"] == 24
        assert [each.what for each in accesses_to(subject=bruno.id)] == ["till"]

    def test_somebody_just_admitted_is_found_and_earns(self, counter: Counter) -> None:
        desk = registry.AtDesk(
            counter.cast.lievito_id, counter.cast.elsa.id, counter.cast.elsa.user.pk, now()
        )
        nina = PersonIn(
            first_name="Nina", last_name="Nuova", born_on=date(1980, 3, 9), phone="0463 000000"
        )
        line = registry.welcome_newcomer(person=nina, applied_on=now().date(), desk=desk)

        found = told(counter.device.get("search/?q=nuov"))["people"]

        assert found == [{"membership": str(line), "name": "Nina Nuova"}]
        shown = told(counter.device.post("card/", {"membership_id": str(line)}))
        assert shown["may_spend"] is False
        assert told(counter.device.sell(shown=shown["shown_id"]))["member_cents"] == 24

    def test_whoever_left_is_found_no_more(self, counter: Counter) -> None:
        line = Membership.objects.get(member=counter.cast.bruno.id)
        assert told(counter.device.get("search/?q=fedr"))["people"]
        Membership.objects.filter(pk=line.pk).update(state="withdrawn", left_on=now().date())

        assert told(counter.device.get("search/?q=fedr"))["people"] == []
        answer = counter.device.post("card/", {"membership_id": str(line.pk)})
        assert answer.status_code == 404

    def test_who_lost_the_card_earns_all_the_same(self, counter: Counter) -> None:
        bruno = counter.cast.bruno
        registry.block_card(person_id=bruno.id, blocked_by=bruno.id, blocked_at=now())
        who = {"membership_id": str(bruno.membership_id)}
        shown = told(counter.device.post("card/", who))

        assert shown["number_masked"] == ""
        assert told(counter.device.sell(shown=shown["shown_id"]))["member_cents"] == 24

    def test_another_cooperatives_member_is_nobody_here(self, counter: Counter) -> None:
        carla = str(counter.cast.carla.membership_id)

        assert refused(counter.device.sell(shown=carla)) == (409, "shown-too-long-ago")

    def test_who_left_the_cooperative_is_not_found(self, counter: Counter) -> None:
        member = counter.cast.bruno.membership_id
        assert member
        registry.withdraw_member(registry.Step(member, now().date(), None, now()))

        answer = counter.device.post("card/", {"membership_id": str(member)})

        assert refused(answer) == (404, "not-a-member-here")
        assert told(counter.device.get("search/?q=fedrizzi"))["people"] == []

    def test_somebody_of_another_cooperative_is_not_found(self, counter: Counter) -> None:
        carla = {"membership_id": str(counter.cast.carla.membership_id)}
        assert refused(counter.device.post("card/", carla)) == (404, "not-a-member-here")


def test_after_ten_minutes_an_undo_says_why_and_after_the_closing_it_is_a_refund(
    counter: Counter,
) -> None:
    sold_at = now()
    token = counter.device.client.cookies["till"].value
    device = device_of(token=token, seen_at=sold_at)
    elsa = OperatorHere(counter.cast.elsa.id, "Elsa", None)
    sold = [
        actions.sell(
            device=device,
            operator=elsa,
            sold=actions.Sold(str(uuid4()), (LineIn("", 1_000),)),
            sold_at=sold_at,
        )
        for _ in range(2)
    ]

    def undo(purchase: UUID, reason: str) -> UUID:
        return actions.undo(
            device=device,
            operator=elsa,
            purchase_id=purchase,
            key=str(uuid4()),
            reason=reason,
            undone_at=sold_at + timedelta(minutes=20),
        )

    with pytest.raises(UndoTooLate):
        undo(sold[0], "")
    assert undo(sold[0], "Battuta due volte")
    actions.close_day_at_desk(
        till_id=device.till_id,
        organisation_id=device.organisation_id,
        key="desk",
        note="prova",
        closed_by=None,
        closed_at=sold_at,
    )
    device = device_of(token=token, seen_at=sold_at)
    with pytest.raises(UndoDayOver):
        undo(sold[1], "Battuta due volte")
