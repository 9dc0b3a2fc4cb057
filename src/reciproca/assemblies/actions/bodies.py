"""Opening bodies, recording their statute, who sits in them and who has more than one vote."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.models import Body, BodyKind, PluralVote, Seat, Statute
from reciproca.assemblies.queries.bodies import statute_on
from reciproca.assemblies.rules import Electorate, Law, StatuteIn, check_statute
from reciproca.parameters.queries import values_on
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError


class BodyNameMissing(DomainError):
    code = "body-name-missing"
    message = _("Scrivi come si chiama l’organo, per esempio “Assemblea dei soci”.")
    status = 422


class BodyNamedAlready(DomainError):
    code = "body-named-already"
    message = _("C’è già un organo con questo nome: scegline un altro.")


class ElectorateNotHere(DomainError):
    code = "electorate-not-here"
    message = _(
        "Questi aventi diritto non vanno per questo organo: i soci votano in una cooperativa, tutte"
        " le persone nella federazione, chi ne fa parte in un consiglio o comitato."
    )
    status = 422


class AlreadySeated(DomainError):
    code = "already-seated"
    message = _("Questa persona ne fa già parte.")


class SeatOver(DomainError):
    code = "seat-over"
    message = _("Questo incarico è già finito, oppure finirebbe prima di cominciare.")


class NotAMember(DomainError):
    code = "not-a-member"
    message = _("Non è nel libro soci: controlla il numero.")
    status = 422


class PluralVotesAboveStatute(DomainError):
    code = "plural-votes-above-statute"
    message = _("Lo statuto dà al massimo %(most)s voti a un socio: scrivi un numero da 1 a lì.")
    status = 422


class OnePersonOneVote(DomainError):
    code = "one-person-one-vote"
    message = _("Una persona cooperatrice ha un voto: più voti li hanno enti e sovventori.")
    status = 422


@transaction.atomic
def open_body(
    *, node_id: UUID, kind: str, name: str, opened_by: UUID | None, opened_at: datetime
) -> Body:
    """
    Enter a body that decides for an organisation. Raises: BodyNameMissing, BodyNamedAlready.
    """
    if not name.strip():
        raise BodyNameMissing
    try:
        with transaction.atomic():
            return Body.objects.create(
                node_id=node_id,
                kind=BodyKind(kind),
                name=name.strip(),
                opened_by=opened_by,
                opened_at=opened_at,
            )
    except IntegrityError as mistake:
        raise BodyNamedAlready from mistake


@transaction.atomic
def record_statute(
    *, body_id: UUID, statute: StatuteIn, recorded_by: UUID | None, recorded_at: datetime
) -> Statute:
    """
    Record what a body's statute says from a day on; assemblies called already keep theirs.

    Raises: ElectorateNotHere, parameters.ParameterUnknown, what `rules.check_statute` raises.
    """
    body = Body.objects.select_related("node").get(pk=body_id)
    if statute.electorate not in electorates_of(kind=body.kind, node_kind=body.node.kind):
        raise ElectorateNotHere
    check_statute(statute=statute, law=law_on(statute.in_force_on))
    return Statute.objects.create(
        body=body,
        in_force_on=statute.in_force_on,
        source=statute.source.strip(),
        electorate=statute.electorate.value,
        joint_stock=statute.joint_stock,
        first_quorum=str(statute.first_quorum),
        second_quorum=str(statute.second_quorum),
        majority_of_present=statute.majority_of_present,
        notice_days=statute.notice_days,
        most_mandates=statute.most_mandates,
        most_votes=statute.most_votes,
        remote=statute.remote,
        remote_ground=statute.remote_ground.strip() if statute.remote else "",
        advance_votes=statute.advance_votes,
        secret_for_persons=statute.secret_for_persons,
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )


def law_on(on: date) -> Law:
    """Return what the law sets around a statute of this day. Raises: ParameterUnknown."""
    names = ("assembly_notice_min", "proxy_max_spa", "legal_person_max_votes")
    known = values_on(names=names, on=on)
    return Law(*(int(known[name]) for name in names))


def electorates_of(*, kind: str, node_kind: str) -> list[Electorate]:
    """Return who may be the electors of such a body."""
    if kind != BodyKind.ASSEMBLY:
        return [Electorate.SEATS]
    return [Electorate.MEMBERS if node_kind == "cooperative" else Electorate.PEOPLE]


@transaction.atomic
def give_seat(
    *,
    body_id: UUID,
    person_id: UUID,
    starts_on: date,
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> Seat:
    """Let a person sit in a body from a day on. Raises: AlreadySeated."""
    try:
        with transaction.atomic():
            return Seat.objects.create(
                body_id=body_id,
                person_id=person_id,
                starts_on=starts_on,
                recorded_by=recorded_by,
                recorded_at=recorded_at,
            )
    except IntegrityError as mistake:
        raise AlreadySeated from mistake


@transaction.atomic
def end_seat(*, seat_id: UUID, ends_on: date) -> None:
    """Let a seat end on a day, the last of it. Raises: SeatOver."""
    open_seats = Seat.objects.filter(pk=seat_id, ends_on=None, starts_on__lte=ends_on)
    if not open_seats.update(ends_on=ends_on):
        raise SeatOver


@transaction.atomic
def record_plural_votes(
    *,
    body_id: UUID,
    member_id: UUID,
    votes: int,
    in_force_on: date,
    ground: str,
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> PluralVote:
    """
    Record how many votes an organisation or a financing member has from a day on.

    Raises: NotAMember, OnePersonOneVote, PluralVotesAboveStatute.
    """
    body = Body.objects.get(pk=body_id)
    line = next(
        iter(registry.roll_lines(cooperative_id=body.node_id, on=in_force_on, members=[member_id])),
        None,
    )
    if line is None:
        raise NotAMember
    if line.is_person and not line.financing:
        raise OnePersonOneVote
    statute = statute_on(body_id=body_id, on=in_force_on)
    most = statute.most_votes if statute else 1
    if not 1 <= votes <= most:
        raise PluralVotesAboveStatute(most=most)
    return PluralVote.objects.create(
        body=body,
        member_id=member_id,
        votes=votes,
        in_force_on=in_force_on,
        ground=ground,
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )
