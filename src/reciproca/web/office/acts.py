"""What is done for somebody at a desk and needs more than one room."""

from uuid import UUID

from reciproca.registry import actions as registry
from reciproca.registry.actions.cards import NoLiveCard
from reciproca.registry.queries import live_card_number
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
    pin: str,
    desk: registry.AtDesk,
) -> Gift:
    """
    Give somebody's credit to a project, on the PIN that they typed at the desk.

    Sent again with the same `key` it returns the first gift, and nothing more is written down.

    Raises: NoLiveCard, what proving by PIN raises, and what `valueback.give_credit` raises.
    """
    shown = _proved(giver_id, pin, desk)
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


def _proved(person_id: UUID, pin: str, desk: registry.AtDesk) -> UUID:
    """Show the card here and prove by its PIN who holds it; a wrong try stays counted."""
    number = live_card_number(person_id=person_id)
    if not number:
        raise NoLiveCard
    shown = registry.show_card(text=number, seller_id=desk.organisation_id, shown_at=desk.at)
    registry.prove_by_pin(
        shown_id=shown.id, seller_id=desk.organisation_id, pin=pin, asked_at=desk.at
    )
    return shown.id
