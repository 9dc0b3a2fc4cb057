"""
A body's statute, as figures within the law.

Source: docs/rules/assembly.md
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


class Electorate(StrEnum):
    """Who votes: the members of the register, every person in any register, or named people."""

    MEMBERS = "members"
    PEOPLE = "people"
    SEATS = "seats"


@dataclass(frozen=True, slots=True)
class StatuteIn:
    """
    What a statute says of a body's meetings, and since when.

    Quorums are shares of the votes entitled: more than the first in first call, at least the second
    in second call (0: whoever is there). A motion needs more than `majority` of the votes of those
    present, or of the votes cast. `most_votes` is the ceiling of a member that has more than one
    vote; 1 is one head, one vote. `remote_ground` names the clause that allows meeting from afar.
    `source` is where all this is written.
    """

    electorate: Electorate
    in_force_on: date
    source: str
    joint_stock: bool
    first_quorum: Fraction
    second_quorum: Fraction
    majority_of_present: bool
    notice_days: int
    most_mandates: int
    most_votes: int = 1
    remote: bool = False
    remote_ground: str = ""
    advance_votes: bool = False
    secret_for_persons: bool = True


@dataclass(frozen=True, slots=True)
class Law:
    """What the law sets around it, on the day from which a statute holds."""

    notice_days: int
    most_mandates: int
    most_votes: int


class SourceMissing(DomainError):
    code = "statute-source-missing"
    message = _("Scrivi dove sta scritto: l’articolo dello statuto o del regolamento.")
    status = 422


class QuorumOutOfRange(DomainError):
    code = "quorum-out-of-range"
    message = _("Un quorum è una parte dei voti, da 0 a 1: per esempio 1/2.")
    status = 422


class FirstQuorumWhole(DomainError):
    code = "first-quorum-whole"
    message = _("In prima convocazione serve più del quorum, e più di tutti i voti non c’è niente.")
    status = 422


class SecondQuorumAbove(DomainError):
    code = "second-quorum-above"
    message = _("In seconda convocazione non può servire più che in prima: abbassa il quorum.")
    status = 422


class NoticeBelowLaw(DomainError):
    code = "notice-below-law"
    message = _("Il preavviso di un’assemblea di soci è di almeno %(days)s giorni.")
    status = 422


class MandatesAboveLaw(DomainError):
    code = "mandates-above-law"
    message = _("Per legge una persona rappresenta al massimo %(most)s soci: abbassa il limite.")
    status = 422


class VotesAboveLaw(DomainError):
    code = "votes-above-law"
    message = _("Per legge un socio ha al massimo %(most)s voti: abbassa il limite.")
    status = 422


class OneHeadOneVote(DomainError):
    code = "one-head-one-vote"
    message = _("Qui ogni persona ha un voto: più voti li hanno solo i soci di una cooperativa.")
    status = 422


class RemoteGroundMissing(DomainError):
    code = "remote-ground-missing"
    message = _("Scrivi quale clausola permette di riunirsi a distanza: senza, non è permesso.")
    status = 422


class RemoteNotAllowed(DomainError):
    code = "remote-not-allowed"
    message = _(
        "A distanza non si può: lo statuto non lo prevede, e quel giorno nessuna norma lo permette"
        " senza. Togli il collegamento, oppure registra lo statuto che lo prevede."
    )
    status = 422


def check_statute(*, statute: StatuteIn, law: Law) -> None:
    """
    Refuse a statute that no law would let stand.

    Raises: SourceMissing, QuorumOutOfRange, FirstQuorumWhole, SecondQuorumAbove, NoticeBelowLaw,
    MandatesAboveLaw, VotesAboveLaw, OneHeadOneVote, RemoteGroundMissing.
    """
    if not statute.source.strip():
        raise SourceMissing
    if not (0 <= statute.first_quorum <= 1 and 0 <= statute.second_quorum <= 1):
        raise QuorumOutOfRange
    if statute.first_quorum == 1:
        raise FirstQuorumWhole
    if statute.second_quorum > statute.first_quorum:
        raise SecondQuorumAbove
    if statute.remote and not statute.remote_ground.strip():
        raise RemoteGroundMissing
    if statute.electorate is Electorate.MEMBERS:
        _check_members(statute, law)
    elif statute.most_votes != 1:
        raise OneHeadOneVote


def _check_members(statute: StatuteIn, law: Law) -> None:
    if statute.notice_days < law.notice_days:
        raise NoticeBelowLaw(days=law.notice_days)
    if statute.joint_stock and statute.most_mandates > law.most_mandates:
        raise MandatesAboveLaw(most=law.most_mandates)
    if statute.most_votes > law.most_votes:
        raise VotesAboveLaw(most=law.most_votes)
