"""What is done for somebody at a desk and needs more than one room."""

from uuid import UUID

from reciproca.registry import actions as registry
from reciproca.valueback import actions as valueback
from reciproca.valueback.models import Gift


class _AlreadyGiven(Exception):
    def __init__(self, gift: Gift) -> None:
        super().__init__()
        self.gift = gift


def give_at_desk(
    *,
    giver_id: UUID,
    project_id: UUID,
    amount_cents: int,
    key: str,
    proof: str,
    desk: registry.AtDesk,
) -> Gift:
    """
    Give somebody's credit to a project, on the PIN or the phone's code that they gave at the desk.

    Sent again with the same `key` it returns the first gift, and nothing more is written down.

    Raises: what `registry.prove_present` and `valueback.give_credit` raise.
    """
    shown = registry.prove_present(person_id=giver_id, proof=proof, desk=desk)
    try:
        with registry.assisting(person_id=giver_id, what="gift", desk=desk):
            registry.use_shown(
                shown_id=shown, seller_id=desk.organisation_id, spends=True, used_at=desk.at
            )
            gift = valueback.give_credit(
                key=key,
                giver_id=giver_id,
                project_id=project_id,
                amount_cents=amount_cents,
                happened_at=desk.at,
                recorded_by=desk.user_id,
            )
            if gift.happened_at != desk.at:
                raise _AlreadyGiven(gift)
    except _AlreadyGiven as given:
        return given.gift
    return gift
