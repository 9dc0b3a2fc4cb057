"""Who bought and who sold: found by the codes that files carry, or made."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from reciproca.imports.reader import Order
from reciproca.purchases.reading.options import Members, Sellers
from reciproca.registry import actions as registry_actions
from reciproca.registry import queries as registry
from reciproca.registry.forms import OrganisationIn, PersonIn
from reciproca.valueback.actions import commit_rate

MOST_REMEMBERED = 200_000
CARD_DIGITS = 13
PERSON_CODE_LENGTH = 16


@dataclass(slots=True)
class Nodes:
    """
    The nodes behind the codes of a file; what was looked up is remembered, within bounds.

    Of those `missing`, some could mean several nodes: `unclear` has the names of those.
    """

    found: dict[str, UUID] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    unclear: dict[str, str] = field(default_factory=dict)

    def unseen(self, codes: Iterable[str]) -> set[str]:
        """Return the codes that have not been looked up."""
        if len(self.found) + len(self.missing) > MOST_REMEMBERED:
            self.found.clear()
            self.missing.clear()
            self.unclear.clear()
        return {code for code in codes if code not in self.found and code not in self.missing}

    def remember(self, codes: Iterable[str], known: dict[str, UUID]) -> None:
        """Note which of these codes are whose."""
        self.found |= known
        self.missing |= set(codes) - known.keys()
        self.missing -= known.keys()


def find_people(
    nodes: Nodes, *, codes: Iterable[str], source: str, cooperative_id: UUID | None
) -> None:
    """
    Look people up by the file's own codes, by card, by tax code.

    For a cooperative's own file also by the number in its members' register, which says nothing to
    others; tax codes are then those of its own members.
    """
    unseen = nodes.unseen(codes)
    if not unseen:
        return
    known = registry.nodes_known_as(source=source, values=unseen)
    left = unseen - known.keys()
    cards = registry.holders_of([code for code in left if len(code) == CARD_DIGITS])
    known |= {number: holder.person_id for number, holder in cards.items()}
    left -= known.keys()
    tax_codes = {code: bare for code in left if len(bare := _bare(code)) == PERSON_CODE_LENGTH}
    people = registry.people_with_tax_codes(tax_codes.values())
    if cooperative_id is not None:
        people = _only_members(people, cooperative_id)
        known |= _by_number(left, cooperative_id)
    known |= {code: people[bare] for code, bare in tax_codes.items() if bare in people}
    open_nodes = registry.open_node_ids(known.values())
    nodes.remember(unseen, {code: node for code, node in known.items() if node in open_nodes})


def find_sellers(nodes: Nodes, *, codes: Iterable[str], source: str) -> None:
    """Look sellers up by the file's own codes, by tax code or VAT number, by name."""
    unseen = nodes.unseen(codes)
    if unseen:
        meant = registry.organisations_meant(calls=unseen, source=source)
        nodes.remember(unseen, meant.known)
        nodes.unclear |= meant.unclear


def make_people(codes: Collection[str], /, *, how: Members, order: Order) -> dict[str, UUID]:
    """Make the people that nobody found, each with a card, known by the file's code."""
    wanted = sorted(codes)
    if not wanted:
        return {}
    made = registry_actions.register_people(
        people=[
            PersonIn(name=how.name.format(value=code), external_id=(how.source, code))
            for code in wanted
        ],
        recorded_by=order.recorded_by,
        recorded_at=order.recorded_at,
    )
    return dict(zip(wanted, made, strict=True))


def make_sellers(
    codes: Collection[str], /, *, how: Sellers, rate_from: date, order: Order
) -> dict[str, UUID]:
    """Make the sellers that nobody found, each with the rate that the mapping commits them to."""
    wanted = sorted(codes)
    if not wanted:
        return {}
    made = registry_actions.register_organisations(
        organisations=[_seller(code, how) for code in wanted],
        recorded_by=order.recorded_by,
        recorded_at=order.recorded_at,
    )
    for seller_id in made if how.rate_bp else ():
        commit_rate(
            seller_id=seller_id,
            rate_bp=how.rate_bp,
            valid_from=rate_from,
            recorded_by=order.recorded_by,
        )
    return dict(zip(wanted, made, strict=True))


def refuse_sellers_never_made(how: Sellers) -> None:
    """Refuse options that no seller can be made of. Raises: ChoiceUnknown, MunicipalityUnknown."""
    registry_actions.checked_organisation(_seller("0", how))
    registry_actions.refuse_unknown_municipalities([how.municipality])


def _seller(code: str, how: Sellers) -> OrganisationIn:
    return OrganisationIn(
        name=how.name.format(value=code),
        kind=how.kind,
        sector=how.sector,
        category=how.category,
        municipality=how.municipality,
        external_id=(how.source, code),
    )


def _only_members(people: dict[str, UUID], cooperative_id: UUID) -> dict[str, UUID]:
    # A tax code that finds a stranger must look as if it had found nobody.
    own = registry.members_among(people.values(), cooperative_id=cooperative_id)
    return {code: node for code, node in people.items() if node in own}


def _by_number(codes: Iterable[str], cooperative_id: UUID) -> dict[str, UUID]:
    numbers = {code: int(code) for code in codes if code.isascii() and code.isdigit()}
    found = registry.members_with_numbers(
        cooperative_id=cooperative_id, numbers={n for n in numbers.values() if n < 2**31}
    )
    return {code: found[number] for code, number in numbers.items() if number in found}


def _bare(code: str) -> str:
    return code.replace(" ", "").upper()
