"""Who is on an assembly's roll, who acts for whom, and whom a number or a name means."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.models import Elector
from reciproca.ballots.queries import ElectorUnclear, ElectorUnknown
from reciproca.registry import queries as registry
from reciproca.registry.places import plain_words
from reciproca.shared.errors import DomainError

FEW = 20


class PersonUnknown(DomainError):
    code = "person-unknown"
    message = _("Nessuno è registrato come “%(text)s”: controlla carta, codice fiscale o e-mail.")
    status = 422


def people_behind(electors: Collection[Elector], /, *, on: date) -> dict[UUID, list[UUID]]:
    """
    Return for each elector the people who may act: the member, or an organisation's managers.

    Two SQL queries.
    """
    members = {elector.member_id for elector in electors}
    acting = registry.people_acting_for(members, on=on)
    return {elector.id: acting.get(elector.member_id, []) for elector in electors}


def people_named(codes: Sequence[str], /) -> list[UUID]:
    """
    Return the person whom each card number, tax code or e-mail address means.

    Raises: PersonUnknown.
    """
    found = [registry.person_by(code=code) for code in codes]
    for code, person in zip(codes, found, strict=True):
        if person is None:
            raise PersonUnknown(text=code)
    return [person for person in found if person is not None]


def electors_of(*, assembly_id: UUID, person_id: UUID, on: date) -> list[Elector]:
    """
    Return the lines of the roll for which a person may act: their own, and of those they manage.

    Three SQL queries.
    """
    managed = [
        row.organisation_id
        for row in registry.mandates_of(person_id=person_id, on=on)
        if row.role == "manager"
    ]
    own = Elector.objects.filter(assembly=assembly_id, member_id__in=[person_id, *managed])
    return list(own.select_related("member").order_by("id"))


def elector_meant(*, assembly_id: UUID, text: str) -> Elector:
    """
    Return the elector whom a number of the register, a card, a tax code or a name means.

    Raises: ElectorUnknown, ElectorUnclear.
    """
    found = electors_meant(assembly_id=assembly_id, text=text)
    if not found:
        raise ElectorUnknown(text=text.strip())
    if len(found) > 1:
        raise ElectorUnclear(text=text.strip())
    return found[0]


def electors_meant(*, assembly_id: UUID, text: str, limit: int = FEW) -> Sequence[Elector]:
    """Return the electors whom a text may mean, by name; at most five SQL queries."""
    bare = "".join(text.split())
    roll = Elector.objects.filter(assembly=assembly_id).select_related("member")
    if not plain_words(text):
        return []
    if bare.isascii() and bare.isdigit() and len(bare) < 10:
        numbered = list(roll.filter(number=int(bare)))
        if numbered:
            return numbered
    person = registry.person_by(code=bare)
    if person is not None:
        return list(roll.filter(member=person))
    for word in plain_words(text):
        roll = roll.filter(member__name_key__contains=word)
    return list(roll.order_by("member__name_key", "id")[:limit])


def names_of(electors: Collection[Elector], /) -> Mapping[UUID, str]:
    """Return the name of each elector, in one SQL query."""
    names = registry.names_of([elector.member_id for elector in electors])
    return {elector.id: names.get(elector.member_id, "") for elector in electors}
