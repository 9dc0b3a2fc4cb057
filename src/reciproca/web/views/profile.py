"""A person's own page: what is known of them, where they belong, who looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from reciproca.registry import actions
from reciproca.registry import queries as registry
from reciproca.registry.page_forms import DetailsForm
from reciproca.shared.access import accesses_to
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required
from reciproca.shared.types import MemberRequest

WHAT_WAS_READ: dict[str, str | Promise] = {
    "membership": gettext_lazy("la tua iscrizione"),
    "identity": gettext_lazy("chi sei, per non avere due schede"),
    "register": gettext_lazy("la tua riga del libro soci, portata via in un file"),
    "statement": gettext_lazy("il tuo estratto"),
    "purchases": gettext_lazy("i tuoi acquisti"),
    "purchase": gettext_lazy("un tuo acquisto"),
    "till": gettext_lazy("il tuo nome, alla cassa"),
    "refund": gettext_lazy("il tuo ristorno"),
    "refunds": gettext_lazy("il tuo ristorno"),
    "card": gettext_lazy("la tua carta, per stamparla"),
    "contacts": gettext_lazy("i tuoi recapiti"),
    "credit": gettext_lazy("quanto credito hai"),
}
"""The words that rooms write in the access log; any other is shown as it is."""

LATEST_ACCESSES = 20
LATEST_ACTS = 10


@dataclass(frozen=True, slots=True)
class AccessRow:
    """Somebody read what belongs to a person."""

    who: str
    for_whom: str
    what: str
    at: datetime


@require_safe
@known_required
def profile(request: MemberRequest) -> HttpResponse:
    """Show somebody all that the registry knows of them."""
    person_id = own_id(request)
    person = registry.person_page(person_id=person_id)
    assert person is not None
    emails = EmailAddress.objects.filter(user=request.actor.user_id, primary=True)
    context = {
        "person": person,
        "facts": _facts(person),
        "login_email": emails.values_list("email", flat=True).first() or "",
        "card_number": registry.live_card_number(person_id=person_id),
        "memberships": registry.memberships_of(member_id=person_id),
        "accesses": _accesses(person_id),
        "acts": registry.assisted_acts(person_id=person_id, limit=LATEST_ACTS),
    }
    return render(request, "web/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@known_required
def details(request: MemberRequest) -> HttpResponse:
    """Let somebody put right what the registry knows of them."""
    person = registry.person_page(person_id=own_id(request))
    assert person is not None
    assert request.actor.user_id is not None
    form = DetailsForm(request.POST) if request.method == "POST" else DetailsForm.of(person)
    if form.is_valid():
        try:
            actions.change_person(
                person_id=person.id,
                person=form.person(person),
                changed_by=request.actor.user_id,
                changed_at=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("I tuoi dati sono aggiornati."))
            return redirect("web:profile")
    status = 422 if form.errors else 200
    return render(request, "web/profile_details.html", {"form": form}, status=status)


@require_safe
@known_required
def own_capital(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Show what somebody's own share capital in a cooperative is made of."""
    line = registry.membership(membership_id=membership_id)
    if line is None or line.member_id != own_id(request):
        raise Http404
    capital = registry.capital_of(member_id=line.member_id, cooperative_id=line.cooperative_id)
    return render(request, "web/own_capital.html", {"line": line, "capital": capital})


def own_id(request: MemberRequest) -> UUID:
    """Return the person who asks."""
    assert request.actor.person_id is not None
    return request.actor.person_id


def _facts(person: registry.PersonPage) -> Sequence[tuple[str, str]]:
    facts = [
        (_("Nome"), person.name),
        (_("Codice fiscale"), person.tax_code),
        (_("Nascita"), f"{person.born_on:%d/%m/%Y}" if person.born_on else ""),
        (_("Telefono"), person.phone),
        (_("Indirizzo"), person.address),
        (_("Comune"), person.municipality_name),
        (_("IBAN"), person.iban),
    ]
    return [(name, value or "–") for name, value in facts]


def _accesses(person_id: UUID) -> list[AccessRow]:
    read = accesses_to(subject=person_id, limit=LATEST_ACCESSES)
    names = registry.names_of(
        {node for each in read for node in (each.reader_person, each.reader_node) if node}
    )
    return [
        AccessRow(
            who=names.get(each.reader_person, "") if each.reader_person else "",
            for_whom=names.get(each.reader_node, "") if each.reader_node else "",
            what=str(WHAT_WAS_READ.get(each.what, each.what)),
            at=each.at,
        )
        for each in read
    ]
