"""
Small makers with honest defaults, and the standing cast.

Ada chairs the cooperative Lievito and Bruno belongs to it; Dario chairs Roncolago and Carla belongs
to that one; Elsa stands at Lievito's till; Olga works for the federation. Everything goes through
the same actions as real use.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.test import Client

from reciproca.governance import actions as governance
from reciproca.governance.forms import AdoptionIn, ResolutionIn
from reciproca.registry import actions as registry
from reciproca.registry import queries
from reciproca.registry.forms import MemberIn, OrganisationIn, PersonIn
from reciproca.registry.models import Mandate, User

NOON = datetime(2025, 6, 2, 10, tzinfo=UTC)
FIRST_DAY = date(2025, 1, 1)

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Member:
    """A person with a login, a card, and at most one membership and one mandate."""

    id: UUID
    name: str
    card: str
    user: User
    membership_id: UUID | None = None
    mandate_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """The community that most tests play in."""

    federation_id: UUID
    lievito_id: UUID
    roncolago_id: UUID
    common_id: UUID
    territory_id: UUID
    solidarity_id: UUID
    project_id: UUID
    ada: Member
    bruno: Member
    carla: Member
    dario: Member
    elsa: Member
    olga: Member


def make_cast() -> Cast:
    """Open the community of the Tre Valli with its cast; no policy is adopted yet."""
    federation = registry.open_community(
        name="Comunità delle Tre Valli",
        federation=OrganisationIn(name="Federazione delle Tre Valli", municipality="022205"),
        opened_by=None,
        opened_at=NOON,
    )
    lievito = make_organisation(name="Panificio Il Lievito", municipality="022205")
    roncolago = make_organisation(name="Caseificio Roncolago", sector="agriculture")
    common, territory, solidarity = (
        make_fund(name=name, held_by=federation)
        for name in ("Fondo comune", "Fondo territorio", "Fondo solidarietà")
    )
    return Cast(
        federation_id=federation,
        lievito_id=lievito,
        roncolago_id=roncolago,
        common_id=common,
        territory_id=territory,
        solidarity_id=solidarity,
        project_id=make_fund(name="Botteghe di paese", held_by=federation, kind="project"),
        ada=make_member(name="Ada Bertoldi", member_of=lievito, acts_for=lievito, role="manager"),
        bruno=make_member(name="Bruno Fedrizzi", member_of=lievito),
        carla=make_member(name="Carla Endrizzi", member_of=roncolago),
        dario=make_member(
            name="Dario Moser", member_of=roncolago, acts_for=roncolago, role="manager"
        ),
        elsa=make_member(name="Elsa Dallago", acts_for=lievito, role="till"),
        olga=make_member(name="Olga Nardelli", acts_for=federation, role="officer"),
    )


def make_organisation(*, name: str = "", **fields: Any) -> UUID:
    """Register a cooperative, or what `kind` says, and return its node."""
    return registry.register_organisation(
        organisation=OrganisationIn(name=name or f"Cooperativa {next(_numbers)}", **fields),
        recorded_by=None,
        recorded_at=NOON,
    )


def make_fund(*, held_by: UUID, name: str = "", kind: str = "fund") -> UUID:
    """Create a fund, a pool or a project and return its node."""
    return registry.create_fund(
        kind=kind,
        name=name or f"Fondo {next(_numbers)}",
        held_by=held_by,
        created_by=None,
        created_at=NOON,
    )


def make_person(*, name: str = "", **fields: Any) -> UUID:
    """Register a person with a card and return their node."""
    return registry.register_person(
        person=PersonIn(name=name or f"Persona {next(_numbers)}", **fields),
        recorded_by=None,
        recorded_at=NOON,
    )


def make_membership(*, member: UUID, cooperative: UUID, share_cents: int = 2_500) -> UUID:
    """Enter somebody in a cooperative's register and return the line's id."""
    line = MemberIn(
        member_id=member,
        cooperative_id=cooperative,
        registered_on=FIRST_DAY,
        share_cents=share_cents,
    )
    return registry.register_members(members=[line], recorded_by=None, recorded_at=NOON)[0]


def make_user(*, person: UUID | None = None, email: str = "") -> User:
    """Create a login with a verified address and the password “segreto segreto”."""
    address = email or f"persona{next(_numbers)}@example.org"
    user = User.objects.create_user(address, "segreto segreto", person_id=person)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def make_mandate(*, person: UUID, organisation: UUID, role: str) -> UUID:
    """Let a person act for an organisation from the first day on."""
    return registry.grant_mandate(
        person_id=person,
        organisation_id=organisation,
        role=role,
        starts_on=FIRST_DAY,
        granted_by=None,
        granted_at=NOON,
    )


def make_member(
    *,
    name: str = "",
    member_of: UUID | None = None,
    acts_for: UUID | None = None,
    role: str = "",
) -> Member:
    """Make a person with a card and a login, in the register of one cooperative if named."""
    person = make_person(name=name)
    names = queries.names_of([person])
    return Member(
        id=person,
        name=names[person],
        card=queries.live_card_number(person_id=person),
        user=make_user(person=person),
        membership_id=make_membership(member=person, cooperative=member_of) if member_of else None,
        mandate_id=(
            make_mandate(person=person, organisation=acts_for, role=role) if acts_for else None
        ),
    )


def policy_document(cast: Cast, **changes: object) -> dict[str, object]:
    """Return a value-back policy: 2/5 to the member, 1/5 to each of the three funds."""
    funds = {
        "common": ("Fondo comune", cast.common_id),
        "territory": ("Territorio", cast.territory_id),
        "solidarity": ("Solidarietà", cast.solidarity_id),
    }
    own = {"key": "member", "name": {"it": "A te", "en": "To you"}, "share": "2/5", "node": None}
    others = [
        {"key": key, "name": {"it": name, "en": name}, "share": "1/5", "node": str(fund)}
        for key, (name, fund) in funds.items()
    ]
    return {
        "kind": "value-back",
        "v": 1,
        "title": "Criteri di ritorno 2025",
        "branches": [own, *others],
        "member_part": "own",
        "pool": None,
        "expires_after_years": 1,
        "expired_to": str(cast.solidarity_id),
        **changes,
    }


def adopt_policy(
    cast: Cast,
    *,
    in_force_on: date = FIRST_DAY,
    protocol: str = "1/2025",
    minutes: bool = False,
    **changes: object,
) -> str:
    """Adopt a value-back policy by a resolution of the federation, and return its hash."""
    return governance.adopt_policy(
        adoption=AdoptionIn(
            document=policy_document(cast, **changes),
            in_force_on=in_force_on,
            resolution=ResolutionIn(
                body_id=cast.federation_id,
                title="Criteri di ritorno",
                adopted_on=in_force_on,
                protocol_number=protocol,
                document_name="verbale.pdf" if minutes else "",
                document=b"%PDF-1.7 verbale" if minutes else b"",
            ),
            legal_basis="Buono multiuso entro una rete limitata",
            legal_basis_confirmed_by="Avv. Rita Prova",
        ),
        recorded_by=None,
        recorded_at=NOON,
    )


def client_of(member: Member | None = None) -> Client:
    """Return a browser where this person is signed in, acting by their mandate if there is one."""
    client = Client()
    if member is None:
        return client
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if member.mandate_id:
        session = client.session
        session["mandate_id"] = str(member.mandate_id)
        session.save()
    return client


def mandate_of(member: Member) -> Mandate:
    """Return the row of a member's mandate."""
    assert member.mandate_id is not None
    return Mandate.objects.get(pk=member.mandate_id)
