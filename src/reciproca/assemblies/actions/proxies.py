"""
Letting another member vote in one's place, in writing and at one assembly.

Source: docs/rules/assembly.md
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies import telling
from reciproca.assemblies.actions.casters import (
    voted_for_by_another,
    votes_alone,
    votes_through,
)
from reciproca.assemblies.actions.common import locked_called
from reciproca.assemblies.forms import PdfIn
from reciproca.assemblies.models import Assembly, Elector, Presence, Proxy
from reciproca.assemblies.queries.electors import people_behind
from reciproca.shared.documents import keep_pdf
from reciproca.shared.errors import DomainError


class NoProxies(DomainError):
    code = "no-proxies"
    message = _("Lo statuto non permette deleghe: qui si vota di persona.")


class ProxyToOneself(DomainError):
    code = "proxy-to-oneself"
    message = _("Una delega si dà a un altro socio.")
    status = 422


class ProxyGivenAlready(DomainError):
    code = "proxy-given-already"
    message = _("C’è già una delega: ritirala prima di darne un’altra.")


class ProxyLimit(DomainError):
    code = "proxy-limit"
    message = _("%(holder)s ha già %(most)s deleghe, quante ne permette lo statuto: scegli altri.")


class ProxyChain(DomainError):
    code = "proxy-chain"
    message = _("Chi ha dato una delega non può riceverne: le deleghe non passano di mano.")


class GiverPresent(DomainError):
    code = "giver-present"
    message = _("Chi è presente vota di persona: segna prima che è uscito.")


class ProxyGone(DomainError):
    code = "proxy-gone"
    message = _("Questa delega è già ritirata.")


class ProxyVoting(DomainError):
    code = "proxy-voting"
    message = _(
        "In assemblea si sta votando, e chi ha la delega vota anche per te: ritirala quando la"
        " votazione è chiusa."
    )


@transaction.atomic
def give_proxy(
    *,
    assembly_id: UUID,
    giver_id: UUID,
    holder_id: UUID,
    signed: PdfIn | None,
    given_by: UUID | None,
    given_at: datetime,
) -> Proxy:
    """
    Let an elector vote in another's place; both are lines of the roll.

    Written either way: by the giver's own login, or as the `signed` paper that an officer keeps.
    On votes in advance that are open already, the holder votes where the giver has not.

    Raises: NotCalledYet, AlreadyOver, NoProxies, ProxyToOneself, GiverPresent, ProxyGivenAlready,
    ProxyChain, ProxyLimit, what `shared.documents.keep_pdf` raises.
    """
    # The assembly is locked: two who give at once are counted one after the other.
    assembly = locked_called(assembly_id)
    found = assembly.electors.select_related("member").in_bulk([giver_id, holder_id])
    giver, holder = found[giver_id], found[holder_id]
    _check(assembly, giver, holder)
    document = None
    if signed is not None:
        document = keep_pdf(name=signed.name, content=signed.content, added_by=given_by)
    proxy = Proxy.objects.create(
        giver=giver, holder=holder, document=document, given_by=given_by, given_at=given_at
    )
    votes_through(giver, holder, at=given_at)
    _tell(telling.PROXY_GIVEN, assembly, proxy, given_at)
    return proxy


@transaction.atomic
def revoke_proxy(*, proxy_id: UUID, revoked_by: UUID | None, revoked_at: datetime) -> None:
    """
    Take a proxy back: from now on it counts no more.

    On votes in advance that are open, its giver votes alone, and may change what was cast for them
    where votes may be changed. A vote in the meeting that counts them as represented goes on first.

    Raises: ProxyGone, ProxyVoting, AlreadyOver.
    """
    proxy = Proxy.objects.select_related("giver__member", "holder").get(pk=proxy_id)
    assembly = locked_called(proxy.giver.assembly_id)
    if voted_for_by_another(proxy.giver, at=revoked_at):
        raise ProxyVoting
    live = Proxy.objects.filter(pk=proxy_id, revoked_at=None)
    if not live.update(revoked_at=revoked_at, revoked_by=revoked_by):
        raise ProxyGone
    votes_alone(proxy.giver, at=revoked_at)
    _tell(telling.PROXY_REVOKED, assembly, proxy, revoked_at)


def _check(assembly: Assembly, giver: Elector, holder: Elector) -> None:
    assert assembly.statute is not None
    most = assembly.statute.most_mandates
    live = Proxy.objects.filter(revoked_at=None)
    if not most:
        raise NoProxies
    if giver.pk == holder.pk:
        raise ProxyToOneself
    if Presence.objects.filter(elector=giver, left_at=None).exists():
        raise GiverPresent
    if live.filter(giver=giver).exists():
        raise ProxyGivenAlready
    if live.filter(giver=holder).exists() or live.filter(holder=giver).exists():
        raise ProxyChain
    if live.filter(holder=holder).count() >= most:
        raise ProxyLimit(holder=holder.member.name, most=most)


def _tell(kind: str, assembly: Assembly, proxy: Proxy, at: datetime) -> None:
    people = people_behind([proxy.holder], on=localdate(at))[proxy.holder.id]
    telling.tell_of_proxy(
        kind=kind, assembly=assembly, giver=proxy.giver.member.name, people=people, told_at=at
    )
