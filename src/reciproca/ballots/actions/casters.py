"""Another person casts an elector's vote from now on: a proxy was given, or taken back."""

from uuid import UUID

from django.db import transaction

from reciproca.ballots import locks
from reciproca.ballots.models import AssistedVote, Closing, Elector, UrnPaper


@transaction.atomic
def change_caster(*, ballot_id: UUID, member_id: UUID, caster_id: UUID, voted_too: bool) -> bool:
    """
    Let another person cast an elector's vote on an open ballot; return whether they do.

    A vote that was cast stays its caster's, unless `voted_too` and it may still be changed. What
    the desk wrote for the former caster and nobody confirmed is thrown away.
    """
    ballot = locks.for_casting(ballot_id)
    if ballot is None or Closing.objects.filter(pk=ballot_id).exists():
        return False
    found = Elector.objects.select_for_update().filter(ballot=ballot, member_id=member_id)
    elector = found.first()
    if elector is None or UrnPaper.objects.filter(elector=elector).exists():
        return False
    if elector.channel and not (voted_too and ballot.may_change):
        return elector.caster_id == caster_id
    AssistedVote.objects.filter(elector=elector, cast_at=None).exclude(caster=caster_id).delete()
    elector.caster_id = caster_id
    elector.save(update_fields=["caster"])
    return True
