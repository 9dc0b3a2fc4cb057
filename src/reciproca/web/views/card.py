"""The card on its holder's phone: the number as bars, the code that changes, the PIN."""

from base64 import b64encode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.registry import actions
from reciproca.registry import queries as registry
from reciproca.registry.actions.card_proofs import CardIsBlocked, PinLocked, PinMissing, PinWrong
from reciproca.registry.card_codes import PhoneCodeOld, PhoneCodeUsed
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required
from reciproca.shared.types import MemberRequest
from reciproca.web.pin_form import PinForm
from reciproca.web.statements.card_paper import card_sheet, plastic_card
from reciproca.web.views.profile import own_id

WHY: dict[str, str | Promise] = {
    CardIsBlocked.code: gettext_lazy("la carta era bloccata"),
    PhoneCodeOld.code: gettext_lazy("il codice era vecchio o sbagliato"),
    PhoneCodeUsed.code: gettext_lazy("il codice era già servito"),
    PinLocked.code: gettext_lazy("troppi PIN sbagliati"),
    PinMissing.code: gettext_lazy("la carta non ha un PIN"),
    PinWrong.code: gettext_lazy("il PIN era sbagliato"),
}


@require_safe
@known_required
def card(request: MemberRequest) -> HttpResponse:
    """Show somebody their card, what proves that it is theirs, and where it was refused."""
    person_id = own_id(request)
    page = registry.card_page(person_id=person_id)
    person = registry.person_page(person_id=person_id)
    assert person is not None
    refusals = [(row, WHY.get(row.code, row.code)) for row in page.refusals]
    context = {"person": person, "card": page, "refusals": refusals}
    return render(request, "web/card.html", context)


@require_safe
def phone_card(request: MemberRequest) -> HttpResponse:
    """Show the empty frame in which a phone draws its own card, also without network."""
    return render(request, "web/card_phone.html")


@require_POST
@known_required
def phones(request: MemberRequest) -> JsonResponse:
    """Pair the phone that asks; its secret is in this answer and never again."""
    try:
        paired = actions.pair_phone(
            person_id=own_id(request),
            name=request.POST.get("name", "").replace("\0", ""),
            paired_at=timezone.now(),
        )
    except DomainError as refusal:
        return JsonResponse(refusal.as_dict(), status=refusal.status)
    told = {
        "id": str(paired.id),
        "number": paired.number,
        "secret": b64encode(paired.secret).decode(),
    }
    return JsonResponse(told, status=201, headers={"Cache-Control": "no-store"})


@require_POST
@known_required
def phone_removal(request: MemberRequest, phone_id: UUID) -> HttpResponse:
    """Make a phone's codes worth nothing."""
    actions.forget_phone(person_id=own_id(request), phone_id=phone_id, forgotten_at=timezone.now())
    messages.success(request, _("Quel telefono non mostra più la tua carta."))
    return redirect("web:card")


@require_POST
@known_required
def new_card(request: MemberRequest) -> HttpResponse:
    """Block one's own card and give oneself another number."""
    assert request.actor.user_id is not None
    actions.replace_card(
        person_id=own_id(request),
        replaced_by=request.actor.user_id,
        replaced_at=timezone.now(),
    )
    messages.success(request, _("La carta di prima è bloccata: questa è quella nuova."))
    return redirect("web:card")


@require_http_methods(["GET", "HEAD", "POST"])
@known_required
def card_pin(request: MemberRequest) -> HttpResponse:
    """Choose the PIN of one's own card."""
    form = PinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.set_pin(
                person_id=own_id(request),
                pin=form.cleaned_data["pin"],
                set_by=request.actor.user_id,
                set_at=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error("pin", str(refusal))
        else:
            messages.success(request, _("La tua carta ha il nuovo PIN."))
            return redirect("web:card")
    return render(request, "web/card_pin.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@known_required
def card_pdf(request: MemberRequest) -> HttpResponse:
    """Print one's own card: a sheet to cut out of; `?layout=plastic` for who prints cards."""
    person = registry.person_page(person_id=own_id(request))
    number = registry.live_card_number(person_id=own_id(request))
    if person is None or not number:
        raise Http404
    return card_file(request, name=person.name, number=number)


def card_file(
    request: MemberRequest, *, name: str, number: str, saved: bool = False
) -> HttpResponse:
    """Return a card as a PDF, in the layout that was asked for; `saved` for one to keep."""
    community = registry.community()
    asked = request.POST if request.method == "POST" else request.GET
    draw = plastic_card if asked.get("layout") == "plastic" else card_sheet
    paper = draw(name=name, number=number, community=community.name if community else "Reciproca")
    how = "attachment" if saved else "inline"
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'{how}; filename="carta-{number}.pdf"'},
    )
