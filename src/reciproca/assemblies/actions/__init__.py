"""Everything that somebody can do in this room."""

from reciproca.assemblies.actions.bodies import (
    end_seat,
    give_seat,
    open_body,
    record_plural_votes,
    record_statute,
)
from reciproca.assemblies.actions.calling import ask_to_call, call_assembly, give_up_call
from reciproca.assemblies.actions.drafting import (
    add_item,
    attach_document,
    change_assembly,
    draft_assembly,
    remove_item,
)
from reciproca.assemblies.actions.meeting import (
    ask_to_speak,
    close_assembly,
    come_in,
    end_turn,
    give_floor,
    leave,
    open_assembly,
)
from reciproca.assemblies.actions.minutes import approve_minutes
from reciproca.assemblies.actions.motions import (
    accept_amendment,
    amend_motion,
    propose_motion,
    withdraw_motion,
)
from reciproca.assemblies.actions.proxies import give_proxy, revoke_proxy
from reciproca.assemblies.actions.sending import record_sendings, tell_electors
from reciproca.assemblies.actions.voting import close_vote, open_vote

__all__ = [
    "accept_amendment",
    "add_item",
    "amend_motion",
    "approve_minutes",
    "ask_to_call",
    "ask_to_speak",
    "attach_document",
    "call_assembly",
    "change_assembly",
    "close_assembly",
    "close_vote",
    "come_in",
    "draft_assembly",
    "end_seat",
    "end_turn",
    "give_floor",
    "give_proxy",
    "give_seat",
    "give_up_call",
    "leave",
    "open_assembly",
    "open_body",
    "open_vote",
    "propose_motion",
    "record_plural_votes",
    "record_sendings",
    "record_statute",
    "remove_item",
    "revoke_proxy",
    "tell_electors",
    "withdraw_motion",
]
