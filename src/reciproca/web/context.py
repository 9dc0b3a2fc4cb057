"""What base.html needs on every page: the context variable `shell`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reciproca.notices.queries import unread_count
from reciproca.registry import queries as registry
from reciproca.shared.types import STRANGER, Actor
from reciproca.web.navigation import NavItem, nav_items, safe_url


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """Somebody the person may act for; `mandate_id` is None for acting for themselves."""

    mandate_id: UUID | None
    title: str
    note: str | Promise
    current: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """
    The house round a page.

    `nav` are the places of the present role; `roles` every choice of the role switch, the present
    one marked; `person_note` the card number, or the organisation acted for. An empty address
    means that there is no such page for this person (or not yet), so that its button is left out.
    `mail_goes` unless there is no mail server yet.
    """

    community_name: str
    actor: Actor
    language: str
    here: str
    nav: tuple[NavItem, ...] = ()
    roles: tuple[RoleChoice, ...] = ()
    unread_notices: int = 0
    person_name: str = ""
    person_note: str = ""
    home_url: str = "/"
    notices_url: str = ""
    profile_url: str = ""
    role_url: str = ""
    language_url: str = ""
    logout_url: str = ""
    mail_goes: bool = True

    @property
    def acting_as(self) -> RoleChoice | None:
        """Return the present choice of the role switch."""
        return next((role for role in self.roles if role.current), None)

    @property
    def further_places(self) -> tuple[NavItem, ...]:
        """Return the places that a phone's bar has no room for; its profile page names them."""
        return tuple(item for item in self.nav if item.only_rail)


def shell(request: HttpRequest) -> Mapping[str, object]:
    """Give templates `shell`; a fragment that never mentions it costs no query."""
    return {"shell": SimpleLazyObject(lambda: shell_of(request))}


def shell_of(request: HttpRequest) -> Shell:
    """Return the shell for whoever asks."""
    actor: Actor = getattr(request, "actor", STRANGER)
    known = actor.person_id is not None
    head = registry.page_head(person_id=actor.person_id, node_id=actor.node_id)
    roles = _roles(actor, head.person_name)
    return Shell(
        community_name=head.community_name,
        actor=actor,
        roles=roles,
        person_name=head.person_name,
        person_note=_person_note(actor, roles, head.card_number),
        unread_notices=unread_count(person_id=actor.person_id) if actor.person_id else 0,
        language=get_language() or "it",
        here=request.get_full_path(),
        nav=nav_items(
            role=actor.role, path=request.path, has_members=head.node_kind in ("", "cooperative")
        ),
        home_url=safe_url("web:home") or "/",
        notices_url=safe_url("notices:list") if known else "",
        profile_url=safe_url("web:profile") if known else "",
        role_url=safe_url("web:role") if known else "",
        language_url=safe_url("set_language"),
        mail_goes=bool(settings.EMAIL_HOST),
        logout_url=safe_url("account_logout") if actor.user_id else "",
    )


def _roles(actor: Actor, person_name: str) -> tuple[RoleChoice, ...]:
    if actor.person_id is None:
        return ()
    own = RoleChoice(None, person_name, _("Per te"), current=actor.role == "member")
    held = registry.mandates_of(person_id=actor.person_id, on=timezone.localdate())
    return (
        own,
        *(
            RoleChoice(
                mandate.id,
                mandate.organisation_name,
                mandate.role_title,
                current=(mandate.role, mandate.organisation_id) == (actor.role, actor.node_id),
            )
            for mandate in held
        ),
    )


def _person_note(actor: Actor, roles: Sequence[RoleChoice], card_number: str) -> str:
    if actor.role == "member":
        return card_number
    return next((role.title for role in roles if role.current), "")
