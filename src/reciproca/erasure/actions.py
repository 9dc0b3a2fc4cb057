"""A person's data is erased: at once what nothing needs, later what the law has kept till then."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from reciproca.erasure import queries
from reciproca.erasure.errors import AlreadyErased, LeavesWaiting
from reciproca.erasure.remembering import Remembered, remember, remembered
from reciproca.imports import actions as imports
from reciproca.market import actions as market
from reciproca.notices import actions as notices
from reciproca.purchases import actions as purchases
from reciproca.redistribution import actions as redistribution
from reciproca.registry import actions as registry
from reciproca.registry import queries as registry_queries
from reciproca.registry.actions.forgetting import NOBODY
from reciproca.shared.access import forget_accesses
from reciproca.shared.made_files import forget_made_before
from reciproca.shared.models import ErasedPerson
from reciproca.tills import actions as tills
from reciproca.transparency import actions as transparency

GROUND = "gdpr-17"
"""The legal ground that the log's notices commit to."""


@transaction.atomic
def erase_person(
    *, person_id: UUID, erased_by: UUID | None, erased_at: datetime, paper: str = ""
) -> None:
    """
    Erase somebody, and the entries that were merged into theirs, in every room and in the log.

    `paper` is the number of the form on which they asked, empty where they ask themselves. What the
    law has kept stays until its day (`forget_what_is_over`); all else is gone when this commits.

    Raises: AlreadyErased, and the first of what `queries.prospect` finds in the way.
    Source: docs/rules/retention.md
    """
    if not registry.lock_person(person_id=person_id):
        raise AlreadyErased
    found = queries.prospect(person_id=person_id, on=localdate(erased_at))
    if found.hindrances:
        raise found.hindrances[0]
    register = {line.membership_id: line.until for line in found.register if line.until}
    each = Remembered(person_id, erased_at, paper, found.kept_until)
    _forget(each, register, erased_by)
    transaction.on_commit(partial(remember, each))


def erase_again() -> tuple[int, int]:
    """
    Erase whom the list of erased people names and an old backup has brought back.

    Returns how many were erased and how many could not be yet, because leaves of theirs wait for
    their places in the log. What else would hinder a first erasure does not: they have asked.
    """
    done = left = 0
    for each in remembered():
        try:
            done += _erase_again(each)
        except LeavesWaiting:
            left += 1
    return done, left


def forget_what_is_over(*, on: date) -> int:
    """Erase the names that the law had kept until before a day; return how many they were."""
    return registry.forget_kept_names(on=on)


@transaction.atomic
def _erase_again(each: Remembered) -> bool:
    if not registry.lock_person(person_id=each.person):
        return False
    people = registry_queries.identity_of(person_id=each.person).people
    if None in queries.leaves_about(people).values():
        raise LeavesWaiting
    entries = registry_queries.register_entries_of(people=people) if each.kept_until else []
    register = {line.membership_id: each.kept_until for line in entries if each.kept_until}
    _forget(each, register, None)
    return True


def _forget(each: Remembered, register: Mapping[UUID, date], erased_by: UUID | None) -> None:
    """Let each room forget; `register` is until when lines of members' registers keep a name."""
    identity = registry_queries.identity_of(person_id=each.person)
    people = identity.people
    # First of all: by it the tables that only grow let these people's rows go.
    ErasedPerson.objects.bulk_create(
        [
            ErasedPerson(
                person=person,
                erased_at=each.erased_at,
                erased_by=erased_by,
                paper=each.paper,
                kept_until=each.kept_until,
            )
            for person in people
        ]
    )
    transparency.erase(facts=queries.leaves_about(people), ground=GROUND, erased_at=each.erased_at)
    forget_accesses(people)
    notices.forget_person(people=people, names=identity.names, put_instead=NOBODY)
    imports.forget_rows(
        codes=[*identity.codes, *identity.emails, *identity.cards], names=identity.words
    )
    purchases.forget_buyers(people)
    redistribution.forget_people(people)
    market.forget_people(people, at=each.erased_at)
    tills.forget_people(people=people, cards=identity.cards)
    registry.forget_person(identity=identity, register_until=register, erased_at=each.erased_at)
    # Lists that somebody took today and did not fetch yet; they are made again when asked for.
    transaction.on_commit(partial(forget_made_before, timezone.now()))
