"""
Who casts and who closes: votes are cast side by side, and never while the ballot is being closed.
"""

from uuid import UUID

from reciproca.ballots.models import Ballot

_FOR_CASTING = "SELECT * FROM ballots_ballot WHERE id = %s FOR SHARE"


def for_casting(ballot_id: UUID, /) -> Ballot | None:
    """Return a ballot that nobody closes before this transaction ends; None if there is none."""
    return next(iter(Ballot.objects.raw(_FOR_CASTING, [ballot_id])), None)


def for_closing(ballot_id: UUID, /) -> Ballot | None:
    """Return a ballot that nobody casts a vote on before this transaction ends."""
    return Ballot.objects.select_for_update().filter(pk=ballot_id).first()
