"""What can be done in the registry."""

from reciproca.registry.actions.assisted import (
    AtDesk,
    assisting,
    welcome_holder,
    welcome_newcomer,
)
from reciproca.registry.actions.bulk import register_members
from reciproca.registry.actions.capital import CapitalIn, pay_in_capital, repay_capital
from reciproca.registry.actions.card_proofs import (
    Holder,
    Shown,
    note_blocked,
    prove_by_pin,
    show_card,
    shown_holder,
    take_card,
    use_shown,
)
from reciproca.registry.actions.cards import (
    PairedPhone,
    block_card,
    forget_phone,
    issue_cards,
    pair_phone,
    replace_card,
    set_pin,
)
from reciproca.registry.actions.checks import refuse_unknown_municipalities
from reciproca.registry.actions.claims import claim_organisation, decide_claim
from reciproca.registry.actions.desk_checks import (
    decide_desk_check,
    dispute_act,
    give_email_at_desk,
    prove_present,
    set_pin_at_desk,
)
from reciproca.registry.actions.forgetting import (
    forget_kept_names,
    forget_person,
    lock_person,
)
from reciproca.registry.actions.invitations import (
    NewInvitation,
    accept_invitation,
    invite,
    withdraw_invitation,
)
from reciproca.registry.actions.keys import NewKey, create_api_key, revoke_api_key
from reciproca.registry.actions.mandates import end_mandate, grant_mandate
from reciproca.registry.actions.memberships import (
    Step,
    admit_member,
    apply_for_membership,
    exclude_member,
    note_death,
    refuse_application,
    register_member,
    reinstate_member,
    suspend_member,
    withdraw_member,
)
from reciproca.registry.actions.merging import (
    merge_organisations,
    note_not_the_same,
    undo_merge,
)
from reciproca.registry.actions.merging_people import merge_people, undo_people_merge
from reciproca.registry.actions.opening import AddedOfficer, Opening, add_officer, open_with_officer
from reciproca.registry.actions.organisations import (
    CommunityAlreadyOpen,
    change_organisation,
    checked_organisation,
    create_fund,
    open_community,
    register_organisation,
    register_organisations,
)
from reciproca.registry.actions.people import (
    change_person,
    give_email,
    register_people,
    register_person,
)
from reciproca.registry.actions.share_transfers import (
    TransferIn,
    check_transfer,
    silence_allows_on,
    transfer_share,
)
from reciproca.registry.actions.users import LANGUAGES, bind_user, set_language

__all__ = [
    "LANGUAGES",
    "AddedOfficer",
    "AtDesk",
    "CapitalIn",
    "CommunityAlreadyOpen",
    "Holder",
    "NewInvitation",
    "NewKey",
    "Opening",
    "PairedPhone",
    "Shown",
    "Step",
    "TransferIn",
    "accept_invitation",
    "add_officer",
    "admit_member",
    "apply_for_membership",
    "assisting",
    "bind_user",
    "block_card",
    "change_organisation",
    "change_person",
    "check_transfer",
    "checked_organisation",
    "claim_organisation",
    "create_api_key",
    "create_fund",
    "decide_claim",
    "decide_desk_check",
    "dispute_act",
    "end_mandate",
    "exclude_member",
    "forget_kept_names",
    "forget_person",
    "forget_phone",
    "give_email",
    "give_email_at_desk",
    "grant_mandate",
    "invite",
    "issue_cards",
    "lock_person",
    "merge_organisations",
    "merge_people",
    "note_blocked",
    "note_death",
    "note_not_the_same",
    "open_community",
    "open_with_officer",
    "pair_phone",
    "pay_in_capital",
    "prove_by_pin",
    "prove_present",
    "refuse_application",
    "refuse_unknown_municipalities",
    "register_member",
    "register_members",
    "register_organisation",
    "register_organisations",
    "register_people",
    "register_person",
    "reinstate_member",
    "repay_capital",
    "replace_card",
    "revoke_api_key",
    "set_language",
    "set_pin",
    "set_pin_at_desk",
    "show_card",
    "shown_holder",
    "silence_allows_on",
    "suspend_member",
    "take_card",
    "transfer_share",
    "undo_merge",
    "undo_people_merge",
    "use_shown",
    "welcome_holder",
    "welcome_newcomer",
    "withdraw_invitation",
    "withdraw_member",
]
