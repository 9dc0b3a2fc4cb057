"""The nodes of the community, what they are to one another, and who may act for whom."""

from reciproca.registry.models.access import ApiKey, Mandate, Role, User, UserManager
from reciproca.registry.models.assisted import AssistedAct, AssistedKind
from reciproca.registry.models.cards import Card, CardPin, CardRefusal, CardShown, PhoneKey
from reciproca.registry.models.directory import Claim, ClaimState, Merge, NotTheSame
from reciproca.registry.models.memberships import (
    LIVE_STATES,
    CapitalMovement,
    MemberKind,
    Membership,
    MembershipEvent,
    MembershipState,
    ShareTransfer,
)
from reciproca.registry.models.nodes import (
    Category,
    Community,
    DirectoryEntry,
    ExternalId,
    Municipality,
    MutualExchange,
    Mutuality,
    Node,
    NodeChange,
    NodeKind,
    Organisation,
    Person,
    Sector,
)

__all__ = [
    "LIVE_STATES",
    "ApiKey",
    "AssistedAct",
    "AssistedKind",
    "CapitalMovement",
    "Card",
    "CardPin",
    "CardRefusal",
    "CardShown",
    "Category",
    "Claim",
    "ClaimState",
    "Community",
    "DirectoryEntry",
    "ExternalId",
    "Mandate",
    "MemberKind",
    "Membership",
    "MembershipEvent",
    "MembershipState",
    "Merge",
    "Municipality",
    "MutualExchange",
    "Mutuality",
    "Node",
    "NodeChange",
    "NodeKind",
    "NotTheSame",
    "Organisation",
    "Person",
    "PhoneKey",
    "Role",
    "Sector",
    "ShareTransfer",
    "User",
    "UserManager",
]
