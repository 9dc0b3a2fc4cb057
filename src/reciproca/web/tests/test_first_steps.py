"""Who begins is told what to do next, until the first purchase."""

import pytest
from django.utils import timezone
from tests.makers import Cast, adopt_policy, client_of, make_cast, make_organisation

from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.registry import actions as registry
from reciproca.registry import queries
from reciproca.registry.forms import OrganisationIn
from reciproca.shared.first_steps import in_turn
from reciproca.tills import actions as tills
from reciproca.web.desk.first_steps import first_steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_an_officer_is_led_from_one_cooperative_without_a_manager_to_the_criteria(
    cast: Cast,
) -> None:
    olga = client_of(cast.olga)
    orphan = make_organisation(name="Latteria di Rabbi")

    assert "Affida Latteria di Rabbi a chi la gestisce" in _next(olga.get("/funds/"))
    registry.invite(
        organisation_id=orphan,
        role="manager",
        invitee="Rita Rossi",
        invited_by=cast.olga.user.pk,
        invited_at=timezone.now(),
    )

    assert "Scrivi i criteri adottati" in _next(olga.get("/funds/"))
    adopt_policy(cast)
    assert "un’altra persona le chiavi" in _next(olga.get("/funds/"))


def test_a_manager_does_one_step_after_the_other(cast: Cast) -> None:
    now = timezone.now()

    def turn() -> tuple[str, int]:
        steps = in_turn(
            first_steps(
                seller_id=cast.roncolago_id,
                person_id=cast.dario.id,
                today=timezone.localdate(now),
                now=now,
            )
        )
        return next(each.title for each in steps if each.is_next), sum(s.is_done for s in steps)

    assert turn() == ("Prometti quanto torna", 1)  # Carla is a member already.
    client_of(cast.dario).post(
        "/rates/", {"category": "", "rate_bp": "5", "valid_from": timezone.localdate().isoformat()}
    )
    assert turn() == ("Scegli il tuo codice per la cassa", 2)
    tills.set_code(
        person_id=cast.dario.id,
        organisation_id=cast.roncolago_id,
        code="40718",
        set_by=None,
        set_at=now,
    )
    assert turn() == ("Apri una cassa", 3)
    till = tills.open_till(
        organisation_id=cast.roncolago_id, name="Banco", opened_by=None, opened_at=now
    )
    assert turn() == ("Collega il dispositivo che vende", 4)
    tills.pair_device(
        till_id=till.id,
        organisation_id=cast.roncolago_id,
        name="PC",
        paired_by=None,
        paired_at=now,
    )
    assert turn() == ("Registra il primo acquisto", 5)


def test_after_the_first_purchase_nobody_is_led(cast: Cast) -> None:
    dario = client_of(cast.dario)
    assert "Il prossimo passo" in dario.get("/tills/").content.decode()
    now = timezone.now()
    record_sale(
        sale=SaleIn(
            key="first",
            seller_id=cast.roncolago_id,
            buyer_id=cast.carla.id,
            happened_at=now,
            lines=(LineIn("Latte", 150),),
        ),
        recorded_by=None,
        recorded_at=now,
    )

    assert "Il prossimo passo" not in dario.get("/tills/").content.decode()
    assert "Verso il primo acquisto" not in dario.get("/desk/").content.decode()
    assert "Il prossimo passo" in client_of(cast.ada).get("/tills/").content.decode()


def test_who_entered_this_year_is_not_asked_for_the_accounts_of_the_last(cast: Cast) -> None:
    new = registry.register_organisation(
        organisation=OrganisationIn(name="Latteria di Rabbi"),
        recorded_by=None,
        recorded_at=timezone.now(),
    )
    registry.grant_mandate(
        person_id=cast.bruno.id,
        organisation_id=new,
        role="manager",
        starts_on=timezone.localdate(),
        granted_by=None,
        granted_at=timezone.now(),
    )
    bruno = client_of(cast.bruno)
    (held,) = queries.mandates_of(person_id=cast.bruno.id, on=timezone.localdate())
    bruno.post("/roles/", {"mandate": str(held.id)})

    assert "Manca il bilancio" not in bruno.get("/desk/").content.decode()
    assert "Manca il bilancio" in client_of(cast.ada).get("/desk/").content.decode()


def _next(answer: object) -> str:
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert "Il prossimo passo:" in page
    return str(page.split("Il prossimo passo:")[1].split("</p>")[0])
