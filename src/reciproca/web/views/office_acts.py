"""What is done for somebody at a desk: each act is written into their history."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reciproca.registry import actions
from reciproca.registry import queries as registry
from reciproca.registry.queries import MembershipPage
from reciproca.shared.access import note_access
from reciproca.shared.errors import DomainError
from reciproca.shared.types import MemberRequest
from reciproca.valueback import queries as valueback
from reciproca.web.office.acts import give_at_desk
from reciproca.web.office.forms import (
    ApplicationForm,
    ContactForm,
    DeskGiftForm,
    DeskPinForm,
    StatementForm,
)
from reciproca.web.statements.documents import member_pdf
from reciproca.web.statements.member import as_printed_by, member_statement
from reciproca.web.views.card import card_file
from reciproca.web.views.office import desk_of, desk_required, own_line, show_member
from reciproca.web.views.statements import pdf_response
from reciproca.web.words import euro

GET_OR_POST = ["GET", "HEAD", "POST"]
OF_PROOF = (
    "pin-wrong",
    "pin-locked",
    "pin-missing",
    "pin-waiting",
    "proof-of-another",
    "phone-code-old",
    "phone-code-used",
)


@require_POST
@desk_required
def office_card_print(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Hand out somebody's card on paper."""
    line = own_line(request, membership_id)
    number = registry.live_card_number(person_id=line.member_id)
    if not number:
        raise Http404
    with actions.assisting(person_id=line.member_id, what="card-printed", desk=desk_of(request)):
        note_access(reader=request.actor, subject=line.member_id, what="card")
    return card_file(request, name=line.member_name, number=number, saved=True)


@require_POST
@desk_required
def office_new_card(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Block somebody's lost card and give them another number."""
    line, desk = own_line(request, membership_id), desk_of(request)
    assert desk.user_id is not None
    with actions.assisting(person_id=line.member_id, what="new-card", desk=desk):
        actions.replace_card(
            person_id=line.member_id, replaced_by=desk.user_id, replaced_at=desk.at, tells=False
        )
    messages.success(
        request, _("La carta di prima è bloccata a ogni cassa. Ora stampa quella nuova.")
    )
    return redirect("web:office_member", membership_id)


@require_http_methods(GET_OR_POST)
@desk_required
def office_pin(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Let somebody type the PIN of their card on the desk's own screen."""
    line, desk = own_line(request, membership_id), desk_of(request)
    form = DeskPinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("pin", "proof", "paper")}
        try:
            valid_now = actions.set_pin_at_desk(person_id=line.member_id, desk=desk, **told)
        except DomainError as refusal:
            form.add_error("pin" if refusal.code == "pin-unfit" else "proof", str(refusal))
        else:
            waits = _("Il nuovo PIN aspetta la conferma di una seconda persona della cooperativa.")
            return _done(request, line, _("La carta ha il nuovo PIN.") if valid_now else waits)
    return _form(request, line, form, "web/office_pin.html")


@require_http_methods(GET_OR_POST)
@desk_required
def office_details(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Bring somebody's contacts up to date."""
    line, desk = own_line(request, membership_id), desk_of(request)
    person = registry.person_page(person_id=line.member_id)
    assert person is not None
    assert desk.user_id is not None
    sent = request.POST if request.method == "POST" else None
    form = ContactForm(
        sent, known=person, may_give_email=request.actor.role == "manager" and not person.email
    )
    if sent is None:
        note_access(reader=request.actor, subject=line.member_id, what="contacts")
    elif form.is_valid():
        try:
            with actions.assisting(person_id=line.member_id, what="details", desk=desk):
                actions.change_person(
                    person_id=line.member_id,
                    person=form.person(),
                    changed_by=desk.user_id,
                    changed_at=desk.at,
                )
                if form.cleaned_data.get("email"):
                    actions.give_email_at_desk(
                        person_id=line.member_id, email=form.cleaned_data["email"], desk=desk
                    )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, line, _("I recapiti sono aggiornati."))
    return _form(request, line, form, "web/office_details.html")


@require_http_methods(GET_OR_POST)
@desk_required
def office_application(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Send another cooperative somebody's request to join it."""
    line, desk = own_line(request, membership_id), desk_of(request)
    others = [each for each in registry.cooperatives() if each.id != line.cooperative_id]
    form = ApplicationForm(
        request.POST if request.method == "POST" else None,
        cooperatives=[(str(each.id), each.name) for each in others],
    )
    if form.is_valid():
        try:
            with actions.assisting(person_id=line.member_id, what="application", desk=desk):
                actions.apply_for_membership(
                    member_id=line.member_id,
                    cooperative_id=form.cleaned_data["cooperative"],
                    applied_on=timezone.localdate(desk.at),
                    recorded_by=desk.user_id,
                    recorded_at=desk.at,
                )
        except DomainError as refusal:
            form.add_error("cooperative", str(refusal))
        else:
            return _done(request, line, _("Domanda mandata: la persona avrà la risposta."))
    return _form(request, line, form, "web/office_application.html")


@require_http_methods(GET_OR_POST)
@desk_required
def office_gift(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Give somebody's credit to a project; the PIN that they type is their yes."""
    line, desk = own_line(request, membership_id), desk_of(request)
    held = valueback.spendable(member_id=line.member_id, on=timezone.localdate())
    sent = request.POST if request.method == "POST" else None
    projects = [node for node in registry.held_nodes() if node.kind == "project"]
    # Without a limit of its own where it is sent: what was given already is answered as before.
    form = DeskGiftForm(sent, projects=projects, most_cents=None if sent else held.cents)
    if sent is None:
        note_access(reader=request.actor, subject=line.member_id, what="credit")
    elif form.is_valid():
        try:
            given = give_at_desk(
                giver_id=line.member_id,
                project_id=form.cleaned_data["project"],
                amount_cents=form.cleaned_data["amount"],
                key=form.cleaned_data["key"],
                proof=form.cleaned_data["pin"],
                desk=desk,
            )
        except DomainError as refusal:
            form.add_error("pin" if refusal.code in OF_PROOF else None, str(refusal))
        else:
            told = {"amount": euro(given.amount_cents)}
            return _done(request, line, _("Dono di %(amount)s registrato.") % told)
    more = {"projects": projects, "spendable_cents": held.cents}
    return _form(request, line, form, "web/office_gift.html", **more)


@require_POST
@desk_required
def office_statement(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Hand out somebody's year on paper; of what they did elsewhere only the sums."""
    line = own_line(request, membership_id)
    form = StatementForm(request.POST)
    if not form.is_valid():
        return show_member(request, line, statement_form=form, status=422)
    found = member_statement(
        person_id=line.member_id, year=form.cleaned_data["year"], today=timezone.localdate()
    )
    with actions.assisting(person_id=line.member_id, what="statement", desk=desk_of(request)):
        note_access(reader=request.actor, subject=line.member_id, what="statement")
    printed = as_printed_by(found, cooperative_id=line.cooperative_id)
    return pdf_response(member_pdf(printed), f"{found.member}-{found.year}")


def _form(
    request: MemberRequest, line: MembershipPage, form: forms.Form, template: str, **more: object
) -> HttpResponse:
    context = {"line": line, "form": form, **more}
    return render(request, template, context, status=422 if form.errors else 200)


def _done(request: MemberRequest, line: MembershipPage, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("web:office_member", line.id)
