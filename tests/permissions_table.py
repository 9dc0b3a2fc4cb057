"""
Who may do what: every address of the house, every method, every persona.

`tests/test_permissions.py` walks the addresses and fails for one that is not here. To add yours,
write one line in TABLE (or API), naming who is let in; and in OBJECTS, if its address names
something new, how to make it in cooperative A (Lievito, where Ada is the manager).

Whoever is not named gets the answer of a page that does not exist; a stranger is sent to sign in.
Let in means that the page itself answers: with a refusal or an invalid form, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from reciproca.assemblies.models import Assembly, Motion
from reciproca.assemblies.models import Elector as RollLine
from reciproca.assemblies.tests.world import held_assembly
from reciproca.ballots import actions as ballots
from reciproca.ballots.forms import BallotIn, Elector, VoteIn
from reciproca.ballots.models import AssistedVote
from reciproca.clearing import actions as clearing
from reciproca.clearing.models import ClearingRun, SetOffProposal
from reciproca.control_room import actions as control_room
from reciproca.control_room.models import Alert
from reciproca.governance.models import Adoption
from reciproca.governance.rules import read_document
from reciproca.imports.actions import receive_file
from reciproca.imports.mapping import Mapping as ColumnMapping
from reciproca.imports.models import Import
from reciproca.joint_buying.tests.world import make_price_list
from reciproca.ledger import actions as ledger
from reciproca.ledger.rules import Move, Posting
from reciproca.ledger.rules import clearing as owed
from reciproca.market.models import Complaint, Offer, Order
from reciproca.market.tests import world as market
from reciproca.projects.models import Photo, Project, Receipt
from reciproca.projects.tests import world as projects
from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.purchases.models import Purchase
from reciproca.redistribution import actions as redistribution
from reciproca.redistribution.models import Run
from reciproca.redistribution.tests.cast import Valley
from reciproca.refunds import actions as refunds
from reciproca.refunds.forms import AccountsIn
from reciproca.refunds.forms import ResolutionIn as YearResolution
from reciproca.registry import actions as registry
from reciproca.registry.models import DeskCheck, Organisation
from reciproca.settings.reader import opening_token, read_settings
from reciproca.shared.ids import fact_id
from reciproca.shared.jobs import run_job, start_job
from reciproca.shared.models import Job
from reciproca.shared.types import Actor
from reciproca.tills import actions as tills
from reciproca.tills.models import Closing, Device, HeldSale, Till
from reciproca.transparency import actions as transparency
from reciproca.transparency import queries as log
from reciproca.valueback import actions as valueback
from reciproca.valueback.models import ExpiredLot, Gift
from reciproca.web.lists.later import FILE, in_words
from tests.makers import (
    NOON,
    Member,
    adopt_policy,
    make_cast,
    make_fund,
    make_organisation,
    make_person,
)

STRANGER, MEMBER, TILL, MANAGER_A, MANAGER_B, OFFICER = PERSONAS = (
    "stranger",
    "member",  # Bruno, of cooperative A
    "till",  # Elsa, at the till of cooperative A; for the API, a key of A
    "manager of A",  # Ada; for the API, a key of A
    "manager of B",  # Dario; for the API, a key of B
    "officer",  # Olga
)

Maker = Callable[["World"], object]
Objects = Mapping[str, Maker]


@dataclass(frozen=True, slots=True)
class Row:
    """
    Who is let in, by method.

    `objects` for an address that needs other ones than OBJECTS; `strangers` is how one who is not
    let in is answered.
    """

    methods: Mapping[str, frozenset[str]]
    objects: Objects = field(default_factory=dict)
    strangers: str = "login"


TILL_CODE = "40718"
AFTERWARDS = datetime(2026, 5, 4, 9, tzinfo=UTC)

EVERYBODY = frozenset(PERSONAS)
KNOWN = EVERYBODY - {STRANGER}
KEYS = frozenset({TILL, MANAGER_A, MANAGER_B})
KEY_OF_A = frozenset({TILL, MANAGER_A})


def get(*who: str, **objects: Maker) -> Row:
    """A page that only shows."""
    return Row({"GET": frozenset(who)}, objects)


def post(*who: str, **objects: Maker) -> Row:
    """A change of state that has no page of its own."""
    return Row({"POST": frozenset(who)}, objects)


def form(*who: str, **objects: Maker) -> Row:
    """A page with its own form."""
    return Row({"GET": frozenset(who), "POST": frozenset(who)}, objects)


def absent(method: str) -> Row:
    """A page that is not there for anybody, outside the demo."""
    return Row({method: frozenset()}, strangers="404")


# --- the things that addresses name, all of cooperative A ---


class World:
    """The community, with everything in it that an address can name; made once."""

    def __init__(self) -> None:
        self.cast = make_cast()
        for make in OBJECTS.values():
            make(self)
        assert self.till_sale
        assert self.till_of_b
        assert self.file_of_ada
        self.keys = {each: self._key(each).secret for each in (self.a, self.cast.roncolago_id)}

    @property
    def a(self) -> UUID:
        """Return cooperative A."""
        return self.cast.lievito_id

    @cached_property
    def price_list(self) -> UUID:
        """Return a supplier whose price list A keeps."""
        return make_price_list(keeper_id=self.a)

    @cached_property
    def adoption(self) -> Adoption:
        """Return the adoption of a policy, with its minutes."""
        digest = adopt_policy(self.cast, minutes=True)
        return Adoption.objects.select_related("resolution").get(policy_id=digest)

    @cached_property
    def invitation(self) -> registry.NewInvitation:
        """Return an invitation to work for A."""
        return registry.invite(
            organisation_id=self.a,
            role="till",
            invitee="Elia Dallago",
            invited_by=self.cast.ada.user.pk,
            invited_at=timezone.now(),
        )

    @cached_property
    def key(self) -> registry.NewKey:
        """Return a key of the programs of A."""
        return self._key(self.a)

    @cached_property
    def phone(self) -> registry.PairedPhone:
        """Return a phone that shows Bruno's card."""
        return registry.pair_phone(person_id=self.cast.bruno.id, name="Telefono", paired_at=NOON)

    @cached_property
    def purchase(self) -> Purchase:
        """Return a purchase of Bruno's at A."""
        sale = SaleIn(
            key="permissions",
            seller_id=self.a,
            buyer_id=self.cast.bruno.id,
            happened_at=NOON,
            lines=(LineIn("", 1_200),),
        )
        return record_sale(sale=sale, recorded_by=None, recorded_at=NOON)

    @cached_property
    def till(self) -> Till:
        """Return a till of A."""
        return self._till(self.a, self.cast.elsa.id)

    @cached_property
    def till_of_b(self) -> Till:
        """Return a till of B."""
        return self._till(self.cast.roncolago_id, self.cast.dario.id)

    def _till(self, organisation_id: UUID, operator_id: UUID) -> Till:
        tills.set_code(
            person_id=operator_id,
            organisation_id=organisation_id,
            code=TILL_CODE,
            set_by=None,
            set_at=NOON,
        )
        return tills.open_till(
            organisation_id=organisation_id, name="Banco", opened_by=None, opened_at=NOON
        )

    @cached_property
    def till_device(self) -> Device:
        """Return a device of a till of A."""
        self.device(self.till, None)
        return Device.objects.filter(till=self.till)[0]

    @cached_property
    def closing(self) -> Closing:
        """Return a closed day of a till of A."""
        return tills.close_day_at_desk(
            till_id=self.till.id,
            organisation_id=self.a,
            key="permissions",
            note="Prova",
            closed_by=None,
            closed_at=NOON,
        )

    @cached_property
    def held_sale(self) -> HeldSale:
        """Return a sale of A that waits for a person."""
        device, headers = self.device(self.till, None)
        batch = {"device_time": NOON.isoformat(), "sales": ["?"]}
        device.post("/till/sync/", batch, "application/json", headers=headers)
        return HeldSale.objects.get(organisation=self.a)

    @cached_property
    def till_sale(self) -> UUID:
        """Return a sale that was made at a till of A just now."""
        device, headers = self.device(self.till, self.cast.elsa)
        sale = {"key": str(uuid4()), "lines": [{"amount_cents": 1_200}]}
        answer = device.post("/till/sales/", sale, "application/json", headers=headers)
        return UUID(answer.json()["id"])

    def device(self, till: Till, operator: Member | None) -> tuple[Client, dict[str, str]]:
        """Return a browser that is paired with a till, and what it says with each request."""
        paired = tills.pair_device(
            till_id=till.id,
            organisation_id=till.organisation_id,
            name="Tablet",
            paired_by=None,
            paired_at=NOON,
        )
        client, headers = Client(), {"X-Till": "1"}
        client.cookies["till"] = paired.token
        if operator is not None:
            told = {"operator_id": str(operator.id), "code": TILL_CODE}
            answer = client.post("/till/unlock/", told, "application/json", headers=headers)
            headers["X-Till-Operator"] = answer.json()["operator_token"]
        return client, headers

    @cached_property
    def gift(self) -> Gift:
        """Return a gift of Bruno's, out of credit that he got at A."""
        assert self.adoption
        valueback.commit_rate(
            seller_id=self.a, rate_bp=500, valid_from=NOON.date(), recorded_by=None
        )
        sale = SaleIn("credit", self.a, self.cast.bruno.id, NOON, (LineIn("", 100_000),))
        record_sale(sale=sale, recorded_by=None, recorded_at=NOON)
        return valueback.give_credit(
            key="gift",
            giver_id=self.cast.bruno.id,
            project_id=self.cast.project_id,
            amount_cents=100,
            happened_at=NOON,
            recorded_by=None,
        )

    @cached_property
    def expired_lot(self) -> ExpiredLot:
        """Return what was left of Bruno's credit when it ended."""
        assert self.gift
        valueback.expire_lots(on=date(2027, 1, 1), recorded_at=NOON)
        return ExpiredLot.objects.get(member=self.cast.bruno.id)

    @cached_property
    def year(self) -> int:
        """Return a year whose refund A has divided, on accounts and minutes of its own."""
        assert self.gift
        Organisation.objects.filter(node=self.a).update(mutual_exchange="users")
        accounts = AccountsIn(1_000, 1_000, 500, 0, 0, 0, cash_share_bp=5_000)
        refunds.enter_accounts(
            cooperative_id=self.a,
            year=NOON.year,
            figures=accounts,
            entered_by=None,
            entered_at=AFTERWARDS,
        )
        entered = refunds.attach_resolution(
            cooperative_id=self.a,
            year=NOON.year,
            resolution=YearResolution(date(2026, 4, 20), "7", "verbale.pdf", b"%PDF-1.7"),
            title="Bilancio",
            recorded_by=None,
            recorded_at=AFTERWARDS,
        )
        refunds.run_refund(accounts_id=entered.id, recorded_by=None, recorded_at=AFTERWARDS)
        return NOON.year

    @cached_property
    def ballot(self) -> UUID:
        """Return a ballot that is closed, on which Ada helped Bruno and Elsa confirmed it."""
        asked = BallotIn(
            reference=uuid4(),
            body_id=self.a,
            question="Apriamo la domenica?",
            electors=[Elector(self.cast.bruno.id)],
            opens_at=NOON,
            closes_at=None,
        )
        made = ballots.open_ballot(ballot=asked, opened_by=None, opened_at=NOON)
        desk = registry.AtDesk(self.a, self.cast.ada.id, None, NOON)
        vote = VoteIn(made, self.cast.bruno.id, "yes", [uuid4()])
        ballots.assist_vote(vote=vote, proof="", paper="12", desk=desk)
        [waiting] = AssistedVote.objects.filter(elector__ballot=made)
        ballots.confirm_assisted(
            assisted_id=waiting.id,
            ballot_id=made,
            desk=registry.AtDesk(self.a, self.cast.elsa.id, None, NOON),
        )
        ballots.close_ballot(ballot_id=made, closed_by=None, closed_at=NOON)
        return made

    @cached_property
    def clearing_run(self) -> ClearingRun:
        """Return the netting of the year, in which A owes the funds."""
        assert self.gift
        return clearing.run_clearing(
            label="2025", until=date(2025, 12, 31), recorded_by=None, recorded_at=AFTERWARDS
        )

    @cached_property
    def redistribution(self) -> Run:
        """Return a paid run of what A's sales of one February brought to a pool: Bruno's alone."""
        assert self.adoption
        pool = make_fund(held_by=self.cast.federation_id, name="Monte", kind="pool")
        february, march = date(2025, 2, 1), date(2025, 3, 1)
        adopt_policy(
            self.cast,
            in_force_on=february,
            protocol="2/2025",
            member_part="pooled",
            pool=str(pool),
            title="Febbraio",
        )
        adopt_policy(self.cast, in_force_on=march, protocol="3/2025", title="Marzo")
        valueback.commit_rate(seller_id=self.a, rate_bp=500, valid_from=february, recorded_by=None)
        day = datetime(2025, 2, 10, 9, tzinfo=UTC)
        sale = SaleIn("pooled", self.a, self.cast.bruno.id, day, (LineIn("", 100_000),))
        record_sale(sale=sale, recorded_by=None, recorded_at=day)
        valley = Valley(self.cast, pool, self.a)
        valley.adopt()
        return valley.run(period=(february, date(2025, 2, 28)), at=AFTERWARDS)

    @cached_property
    def objection_id(self) -> UUID:
        """Return what Bruno objects to it."""
        return redistribution.object_to_run(
            run_id=self.redistribution.id,
            member_id=self.cast.bruno.id,
            text="Manca un acquisto",
            made_at=AFTERWARDS,
        ).id

    @cached_property
    def simulation_id(self) -> UUID:
        """Return a simulation of its policy on the same February."""
        run = self.redistribution
        made = redistribution.open_simulation(
            documents=[read_document(run.policy.document)],
            starts_on=run.starts_on,
            ends_on=run.ends_on,
            pool_cents=1_000,
            made_by=self.cast.olga.user.pk,
            made_at=AFTERWARDS,
        )
        return redistribution.simulate(simulation_id=made.id).id

    @cached_property
    def set_off(self) -> SetOffProposal:
        """Return a proposal that A answers: to cancel what it and a shop owe each other."""
        other = make_organisation()
        for debtor, creditor in ((self.a, other), (other, self.a)):
            move = Move(owed(node=debtor), owed(node=creditor), 100, "spend-owed")
            ledger.post([Posting(fact_id(), NOON, [move])])
        return clearing.propose_set_off(
            label="Cerchi",
            until=date(2026, 5, 1),
            answers_by=date(2026, 5, 20),
            federation_id=self.cast.federation_id,
            proposed_by=None,
            proposed_at=AFTERWARDS,
        )

    @cached_property
    def project(self) -> Project:
        """Return a project of A that the community chose."""
        return projects.funded(self.cast)

    @cached_property
    def receipt(self) -> Receipt:
        """Return an expense of that project, of which nothing is decided."""
        return projects.hand_in(self.project, 1_000)

    @cached_property
    def photo(self) -> Photo:
        """Return a photo of that project."""
        return projects.report(self.project, projects.photo()).photos.get()

    @cached_property
    def offer(self) -> Offer:
        """Return bread that A offers, with a photo."""
        return market.offer(self.cast.lievito_id, photo=market.photo())

    @cached_property
    def order(self) -> Order:
        """Return what Bruno ordered of it, until long after today."""
        market.put(self.cast.bruno.id, (self.offer, 1_000))
        return market.confirm(self.cast.bruno.id, at=timezone.now())[0]

    @cached_property
    def complaint(self) -> Complaint:
        """Return what Carla says of it, of which nothing is decided."""
        return market.complain(self.offer, self.cast.carla.id)

    @cached_property
    def file(self) -> Import:
        """Return a file of purchases that the manager of A handed in."""
        return receive_file(
            kind="purchases",
            file_name="cassa.csv",
            size_bytes=1,
            mapping=ColumnMapping(),
            organisation_id=self.a,
            started_by=None,
            started_at=NOON,
        )

    @cached_property
    def job(self) -> Job:
        """Return a piece of work that stopped."""
        return Job.objects.create(kind="control_room.verify", title="Verifica", state="failed")

    @cached_property
    def file_of_ada(self) -> Job:
        """Return a file that a worker made for Ada, as the manager of A."""
        ada = self.cast.ada
        actor = Actor(ada.user.pk, ada.id, "manager", self.a)
        made = start_job(
            kind=FILE,
            args={
                "address": "/members/file.xlsx",
                "title": "Libro soci",
                "actor": in_words(actor),
                "file_id": str(uuid4()),
            },
            started_by=ada.user.pk,
        )
        run_job(job_id=made.pk)
        return made

    @cached_property
    def logged_fact(self) -> UUID:
        """Return a purchase of Bruno's at A that moved value, and so left a leaf."""
        assert self.adoption
        sale = SaleIn(
            key="logged",
            seller_id=self.a,
            buyer_id=self.cast.bruno.id,
            happened_at=NOON,
            lines=(LineIn("", 1_200),),
        )
        fact = record_sale(sale=sale, recorded_by=None, recorded_at=NOON).id
        assert log.standing(fact)
        return fact

    @cached_property
    def log_slug(self) -> str:
        """Return the name of the community's log, with leaves under a signed head."""
        assert self.logged_fact
        slug = "tre-valli"
        # A world before this one may have signed with the same key; its database is gone.
        transparency.forget_head()
        transparency.open_log(slug=slug)
        transparency.sequence(at=AFTERWARDS)
        return slug

    @property
    def published_fact(self) -> UUID:
        """Return that purchase, once it is under a signed head."""
        assert self.log_slug
        return self.logged_fact

    @property
    def log_size(self) -> int:
        """Return how many leaves are published."""
        info = log.info()
        assert info is not None
        return info.size

    @cached_property
    def merge_id(self) -> UUID:
        """Return a merge of an entry that was in the directory twice."""
        return registry.merge_organisations(
            merged_id=make_organisation(name="Lievito"),
            heir_id=self.a,
            merged_by=None,
            merged_at=AFTERWARDS,
        )

    @cached_property
    def people_merge_id(self) -> UUID:
        """Return a merge of a member of A who was there twice."""
        return registry.merge_people(
            merged_id=make_person(name="Bruno Fedrizzi"),
            heir_id=self.cast.bruno.id,
            merged_by=None,
            merged_at=AFTERWARDS,
        )

    @cached_property
    def claim_id(self) -> UUID:
        """Return what Bruno asks: to manage a shop that nobody manages."""
        return registry.claim_organisation(
            organisation_id=make_organisation(name="Bottega di Cles"),
            person_id=self.cast.bruno.id,
            words="Sono il presidente",
            claimed_at=AFTERWARDS,
        )

    @cached_property
    def desk_check(self) -> DeskCheck:
        """Return what Ada did for Bruno at the desk of A, that another one must confirm."""
        registry.set_pin_at_desk(
            person_id=self.cast.bruno.id,
            pin="40718",
            proof="",
            paper="7",
            desk=registry.AtDesk(self.a, self.cast.ada.id, self.cast.ada.user.pk, NOON),
        )
        return DeskCheck.objects.get(act__person=self.cast.bruno.id)

    @cached_property
    def alert(self) -> Alert:
        """Return an alert about the work that stopped."""
        Job.objects.filter(pk=self.job.pk).update(finished_at=AFTERWARDS)
        control_room.refresh_alerts(at=AFTERWARDS)
        return Alert.objects.get(key=f"job-failed:{self.job.pk}")

    @cached_property
    def assembly(self) -> Assembly:
        """Return an assembly of A that met, decided and is over; Ada voted for Bruno too."""
        return held_assembly(self.cast)

    @property
    def elector(self) -> RollLine:
        """Return Bruno's line of its roll."""
        return self.assembly.electors.get(member=self.cast.bruno.id)

    @property
    def motion(self) -> Motion:
        """Return what was put to its vote."""
        return Motion.objects.get(item__assembly=self.assembly)

    def person(self, persona: str) -> Member | None:
        """Return who a persona is, None for the stranger."""
        cast = self.cast
        people = {MEMBER: cast.bruno, TILL: cast.elsa, MANAGER_A: cast.ada, MANAGER_B: cast.dario}
        return (people | {OFFICER: cast.olga}).get(persona)

    def api_headers(self, persona: str) -> dict[str, str]:
        """Return the key with which a persona calls the API, nothing for one that has none."""
        whose = {TILL: self.a, MANAGER_A: self.a, MANAGER_B: self.cast.roncolago_id}
        if persona not in whose:
            return {}
        return {"Authorization": f"Bearer {self.keys[whose[persona]]}"}

    def _key(self, organisation_id: UUID) -> registry.NewKey:
        return registry.create_api_key(
            organisation_id=organisation_id, name="Cassa", created_by=None, created_at=NOON
        )


OBJECTS: dict[str, Maker] = {
    "supplier_id": lambda world: world.price_list,
    "node_id": lambda world: world.a,
    "membership_id": lambda world: world.cast.bruno.membership_id,
    "mandate_id": lambda world: world.cast.elsa.mandate_id,
    "cooperative_id": lambda world: world.cast.roncolago_id,
    "phone_id": lambda world: world.phone.id,
    "key_id": lambda world: world.key.id,
    "purchase_id": lambda world: world.purchase.id,
    "gift_id": lambda world: world.gift.id,
    "lot_id": lambda world: world.expired_lot.id,
    "year": lambda world: world.year,
    "ballot_id": lambda world: world.ballot,
    "run_id": lambda world: world.clearing_run.id,
    "debtor_id": lambda world: world.clearing_run.payments.all()[0].debtor_id,
    "obligation_id": lambda world: world.clearing_run.obligations.filter(debtor=world.a)[0].id,
    "proposal_id": lambda world: world.set_off.id,
    "call_id": lambda world: world.project.call_id,
    "project_id": lambda world: world.project.id,
    "receipt_id": lambda world: world.receipt.id,
    "photo_id": lambda world: world.photo.id,
    "digest": lambda world: world.adoption.policy_id,
    "document_id": lambda world: world.adoption.resolution.document_id,
    "creditor_id": lambda world: world.cast.common_id,
    "job_id": lambda world: world.job.pk,
    "till_id": lambda world: world.till.id,
    "device_id": lambda world: world.till_device.id,
    "person_id": lambda world: world.cast.elsa.id,
    "closing_id": lambda world: world.closing.id,
    "held_id": lambda world: world.held_sale.id,
    "import_id": lambda world: world.file.pk,
    "secret": lambda world: world.invitation.secret,
    "invitation_id": lambda world: world.invitation.id,
    "token": lambda _world: opening_token(read_settings()),
    "other_id": lambda world: world.cast.roncolago_id,
    "merge_id": lambda world: world.merge_id,
    "claim_id": lambda world: world.claim_id,
    "alert_id": lambda world: world.alert.pk,
    "check_id": lambda world: world.desk_check.pk,
    "act_id": lambda world: world.desk_check.act_id,
    "sheet": lambda _world: "csv",
    "step": lambda _world: "suspension",
    "direction": lambda _world: "payments",
    # of allauth: somebody else's passkey, a link that nobody sent, a provider that is not there
    "pk": lambda _world: 1,
    "uidb36": lambda _world: "1",
    "key": lambda _world: "no-such-key",
    "provider_id": lambda _world: "spid",
    "fact_id": lambda world: world.logged_fact,
    "slug": lambda world: world.log_slug,
    "body_id": lambda world: world.assembly.body_id,
    "seat_id": lambda world: world.assembly.body.seats.get().id,
    "assembly_id": lambda world: world.assembly.id,
    "item_id": lambda world: world.assembly.items.get().id,
    "proxy_id": lambda world: world.elector.proxies_given.get().id,
    "turn_id": lambda world: world.assembly.electors.get(turns__isnull=False).turns.get().id,
    "assisted_id": lambda world: AssistedVote.objects.get(elector__ballot=world.ballot).id,
    "elector_id": lambda world: world.elector.id,
    "motion_id": lambda world: world.motion.id,
    "resolution_id": lambda world: world.motion.ballots.get().resolution_id,
    "objection_id": lambda world: world.objection_id,
    "simulation_id": lambda world: world.simulation_id,
    "offer_id": lambda world: world.offer.id,
    "pickup_id": lambda world: world.offer.pickup_id,
    "complaint_id": lambda world: world.complaint.id,
    "order_id": lambda world: world.order.id,
}


def a_redistribution(world: World) -> UUID:
    """Return a run that is paid, in which Bruno has a part."""
    return world.redistribution.id


TWO_PEOPLE: dict[str, Maker] = {
    "person_id": lambda world: world.cast.bruno.id,
    "other_id": lambda world: world.cast.ada.id,
}

# --- pages ---

TABLE: dict[str, Row] = {
    # web
    "web:home": get(*EVERYBODY),
    "web:manifest": get(*EVERYBODY),
    # Where a community is open, nobody opens another.
    "web:opening": Row({"GET": frozenset(), "POST": frozenset()}, strangers="404"),
    "web:about": get(*EVERYBODY),
    "web:offline": get(*EVERYBODY),
    "web:accessibility": get(*EVERYBODY),
    "web:directory": get(*EVERYBODY),
    "web:organisation": get(*EVERYBODY),
    "web:value": get(MEMBER),
    "web:movements": get(MEMBER),
    "web:purchase": get(MEMBER),
    "web:given": get(MEMBER),
    "web:proof": get(MEMBER, fact_id=lambda world: world.published_fact),
    "web:expired": get(MEMBER),
    "web:gift": form(MEMBER),
    "web:gift_check": get(MEMBER),
    "web:profile": get(*KNOWN),
    "web:own_data_json": get(*KNOWN),
    "web:own_data_tables": get(*KNOWN),
    "web:profile_details": form(*KNOWN),
    "erasure:own": get(*KNOWN),
    "erasure:own_credit": form(*KNOWN),
    "erasure:own_confirmation": form(*KNOWN),
    "erasure:list": form(OFFICER),
    "erasure:person": form(OFFICER),
    "erasure:person_credit": form(OFFICER),
    "web:card": get(*KNOWN),
    "web:phone_card": get(*EVERYBODY),
    "web:phones": post(*KNOWN),
    "web:phone_removal": post(*KNOWN),
    "web:card_pin": form(*KNOWN),
    "web:card_pdf": get(*KNOWN),
    "web:new_card": post(*KNOWN),
    "web:own_capital": get(MEMBER),
    "web:desk": get(TILL, MANAGER_A, MANAGER_B),
    "web:desk_statement": get(MANAGER_A, MANAGER_B),
    "web:desk_pair": get(MANAGER_A, MANAGER_B, node_id=lambda world: world.cast.common_id),
    "web:register_pdf": get(MANAGER_A, MANAGER_B),
    "web:office": get(TILL, MANAGER_A, MANAGER_B),
    "web:office_checks": get(TILL, MANAGER_A, MANAGER_B),
    "web:office_check_confirmation": post(TILL, MANAGER_A),
    "web:office_check_refusal": post(TILL, MANAGER_A),
    "web:act_dispute": post(MEMBER),
    "web:office_member": get(TILL, MANAGER_A),
    "web:office_credit": get(TILL, MANAGER_A),
    "web:office_card_print": post(TILL, MANAGER_A),
    "web:office_new_card": post(TILL, MANAGER_A),
    "web:office_pin": form(TILL, MANAGER_A),
    "web:office_details": form(TILL, MANAGER_A),
    "web:office_application": form(TILL, MANAGER_A),
    "web:office_gift": form(TILL, MANAGER_A),
    "web:office_statement": post(TILL, MANAGER_A),
    "web:role": post(*KNOWN),
    "web:policy_new": form(OFFICER),
    "set_language": post(*EVERYBODY),
    "healthz": get(*EVERYBODY),
    # the transparency log, to be read by anybody from anywhere
    "transparency:checkpoint": get(*EVERYBODY),
    "transparency:checkpoint_at": get(*EVERYBODY, size=lambda world: world.log_size),
    "transparency:vkey": get(*EVERYBODY),
    "transparency:tile": get(
        *EVERYBODY, level=lambda world: 0, number=lambda world: "000", width=lambda world: 1
    ),
    "service_worker": get(*EVERYBODY),
    # lists as files, each let in as its page
    "lists:closings": get(MANAGER_A, MANAGER_B),
    "lists:held": get(MANAGER_A, MANAGER_B),
    "lists:payments": get(OFFICER),
    "lists:obligations": get(OFFICER),
    "lists:alerts": get(OFFICER),
    "lists:acts": get(OFFICER),
    "lists:pairs": get(OFFICER),
    "lists:register": get(MANAGER_A, MANAGER_B),
    "lists:refund": get(MANAGER_A),
    "lists:purchases": get(MANAGER_A, MANAGER_B),
    "lists:movements": get(MEMBER),
    "lists:later": get(MANAGER_A, job_id=lambda world: world.file_of_ada.pk),
    "lists:later_file": get(MANAGER_A, job_id=lambda world: world.file_of_ada.pk),
    "lists:cooperatives": get(OFFICER),
    "lists:claims": get(OFFICER),
    "lists:doubles": get(OFFICER),
    "lists:imports": get(MANAGER_A, MANAGER_B, OFFICER),
    "lists:directory": get(*EVERYBODY),
    # registry
    "registry:members": get(MANAGER_A, MANAGER_B),
    "registry:applicants": form(TILL, MANAGER_A, MANAGER_B),
    "registry:newcomers": post(TILL, MANAGER_A, MANAGER_B),
    "registry:member": get(MANAGER_A),
    "registry:member_step": post(MANAGER_A),
    "registry:member_capital": post(MANAGER_A),
    "registry:transfer": form(MANAGER_A),
    "registry:application": post(MEMBER),
    "registry:mandates": form(MANAGER_A, MANAGER_B, OFFICER),
    "registry:mandates_of": form(MANAGER_A, OFFICER),
    "registry:mandate_end": post(MANAGER_A, OFFICER),
    "registry:invitations": post(MANAGER_A, OFFICER),
    "registry:invitation": form(*EVERYBODY),
    "registry:invitation_withdrawal": post(MANAGER_A, OFFICER),
    "registry:keys": form(MANAGER_A, MANAGER_B),
    "registry:key_revocation": post(MANAGER_A),
    "registry:organisation": form(MANAGER_A, MANAGER_B, OFFICER),
    "registry:organisation_of": form(MANAGER_A, OFFICER),
    "registry:organisation_new": form(OFFICER),
    "registry:doubles": get(OFFICER),
    "registry:double": get(OFFICER),
    "registry:double_distinction": post(OFFICER),
    "registry:double_merge": post(OFFICER),
    "registry:merge_undo": post(OFFICER),
    "registry:people_doubles": get(MANAGER_A, MANAGER_B, OFFICER),
    "registry:people_double": get(MANAGER_A, OFFICER, **TWO_PEOPLE),
    "registry:people_distinction": post(MANAGER_A, OFFICER, **TWO_PEOPLE),
    "registry:people_merge": post(MANAGER_A, OFFICER, **TWO_PEOPLE),
    "registry:people_merge_undo": post(
        MANAGER_A, OFFICER, merge_id=lambda world: world.people_merge_id
    ),
    "registry:claims": get(OFFICER),
    "registry:claim_decision": post(OFFICER),
    "registry:organisation_claims": post(MEMBER),
    "registry:nodes": get(OFFICER),
    "registry:fund_new": form(OFFICER),
    # notices
    "notices:list": get(*KNOWN),
    "notices:reading": post(*KNOWN),
    "notices:preferences": form(*KNOWN),
    # assemblies
    "assemblies:bodies": form(MANAGER_A, MANAGER_B, OFFICER),
    "assemblies:body": get(MANAGER_A),
    "assemblies:statute": form(MANAGER_A),
    "assemblies:seats": post(MANAGER_A),
    "assemblies:seat_end": post(MANAGER_A),
    "assemblies:plural_votes": post(MANAGER_A),
    "assemblies:assembly_new": form(MANAGER_A),
    "assemblies:assembly": get(MANAGER_A),
    "assemblies:details": form(MANAGER_A),
    "assemblies:items": post(MANAGER_A),
    "assemblies:item_removal": post(MANAGER_A),
    "assemblies:attachments": form(MANAGER_A),
    "assemblies:motion_new": form(MANAGER_A),
    "assemblies:calling": form(MANAGER_A),
    "assemblies:calling_again": post(MANAGER_A),
    "assemblies:roll": get(MANAGER_A),
    "assemblies:sendings": post(MANAGER_A),
    "assemblies:door": get(MANAGER_A),
    "assemblies:quorum": get(MANAGER_A),
    "assemblies:presences": post(MANAGER_A),
    "assemblies:departures": post(MANAGER_A),
    "assemblies:proxies": form(MANAGER_A),
    "assemblies:proxy_revocation": post(MANAGER_A),
    "assemblies:opening": form(MANAGER_A),
    "assemblies:closing": post(MANAGER_A),
    "assemblies:turns": post(MANAGER_A),
    "assemblies:turn_start": post(MANAGER_A),
    "assemblies:turn_end": post(MANAGER_A),
    "assemblies:motion": get(MANAGER_A),
    "assemblies:motion_removal": post(MANAGER_A),
    "assemblies:amendments": post(MANAGER_A),
    "assemblies:acceptance": post(MANAGER_A, number=lambda world: 2),
    "assemblies:vote_opening": post(MANAGER_A),
    "assemblies:vote_closing": post(MANAGER_A),
    "assemblies:own": get(*KNOWN),
    "assemblies:own_assembly": get(MEMBER, MANAGER_A),
    "assemblies:calendar": get(MEMBER, MANAGER_A),
    "assemblies:document": get(
        MEMBER,
        MANAGER_A,
        document_id=lambda world: world.assembly.items.get().attached.get().document_id,
    ),
    "assemblies:own_proxy": form(MEMBER),
    "assemblies:own_proxy_revocation": post(MEMBER),
    "assemblies:own_presence": post(MEMBER),
    "assemblies:own_turn": post(MEMBER),
    "assemblies:decision": get(MEMBER, MANAGER_A),
    "web:minutes": form(MANAGER_A),
    "web:minutes_pdf": get(MEMBER, MANAGER_A),
    # ballots
    "ballots:list": get(*KNOWN),
    "ballots:ballot": get(MEMBER),
    "ballots:votes": post(MEMBER),
    "ballots:roll": get(MEMBER),
    "ballots:ballot_file": get(*EVERYBODY),
    "ballots:votes_file": get(*EVERYBODY),
    "ballots:desk": get(MANAGER_A),
    "ballots:assisted": form(MANAGER_A, member_id=lambda world: world.cast.bruno.id),
    "ballots:confirmation": post(MANAGER_A),
    "ballots:removal": post(MANAGER_A),
    "ballots:urn_paper": post(MANAGER_A, member_id=lambda world: world.cast.bruno.id),
    "ballots:urn_paper_removal": post(MANAGER_A, member_id=lambda world: world.cast.bruno.id),
    "ballots:papers": form(MANAGER_A),
    # governance
    "governance:policies": get(OFFICER),
    "governance:adoption": form(OFFICER),
    "governance:proposals": post(OFFICER),
    "governance:minutes": get(OFFICER),
    "governance:policy": get(*EVERYBODY),
    "governance:policy_document": get(*EVERYBODY),
    # valueback
    "valueback:rates": form(MANAGER_A, MANAGER_B),
    "valueback:limit": post(MANAGER_A, MANAGER_B),
    # purchases; for a till only those of today exist, and the purchase here is older
    "purchases:list": get(TILL, MANAGER_A, MANAGER_B),
    "purchases:detail": get(MANAGER_A),
    "purchases:undo": post(MANAGER_A),
    "purchases:refund_new": get(MANAGER_A),
    "purchases:refund_check": get(MANAGER_A),
    "purchases:refunds": post(MANAGER_A),
    # tills; what devices ask is in AT_TILL
    "tills:till": get(*EVERYBODY),
    # an operator opens no till: the answer is that of a page that does not exist
    "tills:tills": Row(
        {
            "GET": frozenset({TILL, MANAGER_A, MANAGER_B}),
            "POST": frozenset({MANAGER_A, MANAGER_B}),
        }
    ),
    "tills:till_page": get(TILL, MANAGER_A),
    "tills:name": post(MANAGER_A),
    "tills:devices": post(TILL, MANAGER_A),
    "tills:device_revocation": post(MANAGER_A),
    "tills:desk_closings": post(MANAGER_A),
    "tills:ending": post(MANAGER_A),
    "tills:operator": form(TILL, MANAGER_A),
    "tills:closings": get(MANAGER_A, MANAGER_B),
    "tills:closing_page": get(MANAGER_A),
    "tills:held_sales": get(MANAGER_A, MANAGER_B),
    "tills:held_sale": get(MANAGER_A),
    "tills:recording": post(MANAGER_A),
    "tills:dropping": post(MANAGER_A),
    # the year
    "web:my_years": get(MEMBER),
    "web:my_year": get(MEMBER),
    "web:my_year_pdf": get(MEMBER),
    "web:desk_year_pdf": get(MANAGER_A, MANAGER_B),
    # redistribution
    "redistribution:list": get(OFFICER),
    "redistribution:runs": post(OFFICER),
    "redistribution:run": get(OFFICER, run_id=a_redistribution),
    "redistribution:measurement": post(OFFICER, run_id=a_redistribution),
    "redistribution:approval": post(OFFICER, run_id=a_redistribution),
    "redistribution:payment": post(OFFICER, run_id=a_redistribution),
    "redistribution:withdrawal": post(OFFICER, run_id=a_redistribution),
    "redistribution:corrections": post(OFFICER, run_id=a_redistribution),
    "redistribution:own_part": form(*KNOWN, run_id=a_redistribution),
    "redistribution:answer": post(OFFICER),
    "redistribution:policy_new": form(OFFICER),
    "redistribution:reading": post(OFFICER),
    "redistribution:points": form(OFFICER),
    "redistribution:simulations": form(OFFICER),
    "redistribution:simulation": form(OFFICER),
    "redistribution:own_effect": get(*KNOWN),
    "web:own_part_pdf": get(MEMBER, run_id=a_redistribution),
    # refunds
    "refunds:year": get(MANAGER_A, MANAGER_B),
    "refunds:year_of": get(MANAGER_A, MANAGER_B),
    "refunds:accounts": form(MANAGER_A, MANAGER_B),
    "refunds:resolution": form(MANAGER_A, MANAGER_B),
    "refunds:minutes": get(MANAGER_A),
    "refunds:claims": form(MANAGER_A, MANAGER_B),
    "refunds:claims_sheet": get(),
    "refunds:check": get(MANAGER_A, MANAGER_B),
    "refunds:refund": form(MANAGER_A, MANAGER_B),
    "refunds:cash_file": get(MANAGER_A),
    "refunds:cash_payments": post(MANAGER_A),
    "clearing:list": get(OFFICER),
    "clearing:runs": post(OFFICER),
    "clearing:run": get(OFFICER),
    "clearing:obligations": get(OFFICER),
    "clearing:bank_files": get(OFFICER),
    "clearing:bank_file": get(OFFICER),
    "clearing:settlement": form(OFFICER),
    "clearing:obligation": get(MANAGER_A, OFFICER),
    "joint_buying:price_lists": get(MANAGER_A, MANAGER_B, OFFICER),
    "joint_buying:price_list": get(MANAGER_A),
    "joint_buying:price_list_csv": get(MANAGER_A),
    "joint_buying:price_list_gdxp": get(MANAGER_A),
    "projects:list": get(*KNOWN),
    "projects:call_new": form(OFFICER),
    "projects:call": get(*KNOWN),
    "projects:proposal": form(MANAGER_A, MANAGER_B),
    "projects:voting": post(OFFICER),
    "projects:closing": post(OFFICER),
    "projects:project": get(*KNOWN),
    "projects:assessment": post(OFFICER),
    "projects:receipts": post(MANAGER_A),
    "projects:reports": post(MANAGER_A),
    "projects:tranche": post(OFFICER),
    "projects:receipt_file": get(MANAGER_A, OFFICER),
    "projects:photo": get(*KNOWN),
    "market:square": get(*EVERYBODY),
    "market:own": get(MANAGER_A, MANAGER_B),
    "market:offer_new": form(MANAGER_A, MANAGER_B),
    "market:offer_change": form(MANAGER_A),
    "market:offer_end": post(MANAGER_A),
    "market:pickups": form(MANAGER_A, MANAGER_B),
    "market:pickup_closing": post(MANAGER_A),
    "market:cart": get(MEMBER),
    "market:cart_lines": post(MEMBER),
    "market:confirmation": post(MEMBER),
    "market:orders": get(MEMBER),
    "market:board": get(TILL, MANAGER_A, MANAGER_B),
    "market:order": get(MEMBER, TILL, MANAGER_A),
    "market:readiness": post(TILL, MANAGER_A),
    "market:handover": form(TILL, MANAGER_A),
    "market:cancellation": post(MEMBER, TILL, MANAGER_A),
    "market:messages": post(MEMBER, TILL, MANAGER_A),
    "market:complaints": get(OFFICER),
    "market:decision": post(OFFICER),
    "market:offer": get(*EVERYBODY),
    "market:photo": get(*EVERYBODY),
    "market:complaints_about": post(*KNOWN),
    "clearing:set_offs": form(OFFICER),
    "clearing:set_off": get(OFFICER),
    "clearing:set_off_closing": post(OFFICER),
    "clearing:set_off_withdrawal": post(OFFICER),
    "clearing:set_off_own": form(MANAGER_A),
    "clearing:set_off_party": form(OFFICER),
    "control_room:overview": get(OFFICER),
    "control_room:network": get(OFFICER),
    "control_room:network_pair": get(
        OFFICER,
        debtor_id=lambda world: world.a,
        creditor_id=lambda world: world.cast.common_id,
    ),
    "control_room:cooperatives": get(OFFICER),
    "control_room:alerts": get(OFFICER),
    "control_room:alert": get(OFFICER),
    "control_room:alert_assignment": post(OFFICER),
    "control_room:alert_resolution": post(OFFICER),
    "control_room:alert_reopening": post(OFFICER),
    "control_room:audit": get(OFFICER),
    "control_room:jobs": get(OFFICER),
    "control_room:job": get(OFFICER),
    "control_room:job_resumption": post(OFFICER),
    "control_room:year": get(OFFICER),
    "control_room:year_of": get(OFFICER),
    "control_room:closing": form(OFFICER),
    "control_room:verify": get(OFFICER),
    "control_room:verification": form(OFFICER),
    # imports; the file here waits to be confirmed
    "imports:list": get(MANAGER_A, MANAGER_B, OFFICER),
    "imports:new": form(MANAGER_A, MANAGER_B, OFFICER),
    "imports:import": get(MANAGER_A),
    "imports:columns": form(MANAGER_A),
    "imports:progress": get(MANAGER_A),
    "imports:check": get(MANAGER_A),
    "imports:recording": post(MANAGER_A),
    "imports:removal": post(MANAGER_A),
    "imports:result": get(MANAGER_A),
    "imports:refused_rows": get(MANAGER_A),
    "imports:undo": form(MANAGER_A),
    # demo
    "demo:personas": absent("GET"),
    "demo:persona_session": absent("POST"),
}

# --- devices at a till: no persona is let in without a paired browser, whatever their login ---

PAIRED, UNLOCKED = "a paired device of A", "a device of A that somebody unlocked"

AT_TILL: dict[str, Row] = {
    "tills:state": get(PAIRED),
    "tills:unlock": post(PAIRED),
    "tills:card": post(UNLOCKED),
    "tills:pin": post(UNLOCKED),
    "tills:quote": post(UNLOCKED),
    "tills:sales": form(UNLOCKED),
    "tills:sale": get(UNLOCKED),
    "tills:undo": post(UNLOCKED),
    "tills:refunds": post(UNLOCKED),
    "tills:receipt": get(PAIRED),
    "tills:mail": post(UNLOCKED),
    "tills:search": get(UNLOCKED),
    "tills:sync": post(PAIRED),
    "tills:closing": post(UNLOCKED),
    # for a login that sells; everybody else is answered as a stranger
    "tills:pairing": post(TILL, MANAGER_A, MANAGER_B),
    "tills:code": post(TILL, MANAGER_A, MANAGER_B),
}

# --- allauth's own pages: how it answers (a stranger, everybody known) ---

ENTRANCE = ("ok", "ok")
"""A page to come in by; it leads those who are in already to their first page."""
HALFWAY = ("login", "ok")
"""A step on the way in that nobody has begun, or a page for those who are in."""
NOT_BEGUN = ("login", "login")
"""A step of coming in from elsewhere, which nobody has begun."""
NOT_SET_UP = ("login", "404")
"""A page about a second step, for somebody who has none."""
NOT_THERE = ("404", "404")

ALLAUTH: dict[str, tuple[str, str]] = {
    "account_login": ENTRANCE,
    "account_logout": ENTRANCE,
    "account_inactive": ENTRANCE,
    "account_signup": ENTRANCE,
    "account_signup_by_passkey": ENTRANCE,
    "account_reauthenticate": HALFWAY,
    "account_email": HALFWAY,
    "account_email_verification_sent": HALFWAY,
    "account_change_password": HALFWAY,
    "account_set_password": HALFWAY,
    "account_reset_password": ENTRANCE,
    "account_reset_password_done": ENTRANCE,
    "account_reset_password_from_key": ENTRANCE,
    "account_reset_password_from_key_done": ENTRANCE,
    "account_request_login_code": ENTRANCE,
    "account_confirm_login_code": ENTRANCE,
    "mfa_index": HALFWAY,
    "mfa_authenticate": HALFWAY,
    "mfa_reauthenticate": HALFWAY,
    "mfa_activate_totp": HALFWAY,
    "mfa_deactivate_totp": NOT_SET_UP,
    "mfa_view_recovery_codes": NOT_SET_UP,
    "mfa_generate_recovery_codes": HALFWAY,
    "mfa_download_recovery_codes": NOT_SET_UP,
    "mfa_list_webauthn": HALFWAY,
    "mfa_add_webauthn": HALFWAY,
    "mfa_reauthenticate_webauthn": HALFWAY,
    "mfa_remove_webauthn": HALFWAY,
    "mfa_edit_webauthn": HALFWAY,
    "mfa_login_webauthn": HALFWAY,
    "mfa_signup_webauthn": ENTRANCE,
    "socialaccount_login_cancelled": ENTRANCE,
    "socialaccount_login_error": NOT_BEGUN,
    "socialaccount_signup": NOT_BEGUN,
    "socialaccount_connections": HALFWAY,
    "openid_connect_login": NOT_THERE,
    "openid_connect_callback": NOT_THERE,
}

# --- the API: (method, path as in the OpenAPI document) -> who is let in, with which body ---


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who is let in; `body` is one that is understood, so that who asks is what decides."""

    who: frozenset[str]
    body: Mapping[str, object] = field(default_factory=dict)


API: dict[tuple[str, str], Endpoint] = {
    ("GET", "/directory"): Endpoint(EVERYBODY),
    ("GET", "/policies"): Endpoint(EVERYBODY),
    ("GET", "/purchases"): Endpoint(KEYS),
    ("GET", "/purchases/{purchase_id}"): Endpoint(KEY_OF_A),
    ("POST", "/purchases/{purchase_id}/undo"): Endpoint(KEY_OF_A, {"key": "u"}),
    ("POST", "/purchases/{purchase_id}/refunds"): Endpoint(KEY_OF_A, {"key": "r"}),
    ("GET", "/log/proofs/{fact_id}"): Endpoint(KEY_OF_A),
    ("POST", "/sales"): Endpoint(KEYS, {"key": "s", "lines": [{"amount_cents": 100}]}),
    # One card is valid in every cooperative: any till may be shown it.
    ("POST", "/cards"): Endpoint(KEYS, {"card": "1"}),
}
