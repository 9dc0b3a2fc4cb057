"""A cooperative's members' register, for who manages it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reciproca.registry import actions, queries
from reciproca.registry.models import MembershipState
from reciproca.registry.page_forms import CapitalForm, StepForm
from reciproca.registry.queries import MembershipPage
from reciproca.shared.access import note_access
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

manager_required = role_required("manager")


@dataclass(frozen=True, slots=True)
class StepKind:
    """A step of a membership: the noun a manager creates, what the button says, where it leads."""

    noun: str
    label: str | Promise
    done: str | Promise
    run: Callable[[actions.Step], object]
    begins: tuple[str, ...]
    is_welcome: bool = False


STEPS = {
    kind.noun: kind
    for kind in (
        StepKind(
            "admission",
            gettext_lazy("Accogli la domanda"),
            gettext_lazy("Domanda accolta: ora puoi iscrivere %(name)s nel libro soci."),
            actions.admit_member,
            ("applied",),
            is_welcome=True,
        ),
        StepKind(
            "registration",
            gettext_lazy("Iscrivi nel libro soci"),
            gettext_lazy("%(name)s è nel libro soci."),
            actions.register_member,
            ("admitted",),
            is_welcome=True,
        ),
        StepKind(
            "refusal",
            gettext_lazy("Non accogliere la domanda"),
            gettext_lazy("Domanda non accolta: il motivo è stato detto a %(name)s."),
            actions.refuse_application,
            ("applied",),
        ),
        StepKind(
            "reinstatement",
            gettext_lazy("Togli la sospensione"),
            gettext_lazy("La sospensione di %(name)s è finita."),
            actions.reinstate_member,
            ("suspended",),
        ),
        StepKind(
            "suspension",
            gettext_lazy("Sospendi"),
            gettext_lazy("L’iscrizione di %(name)s è sospesa."),
            actions.suspend_member,
            ("registered",),
        ),
        StepKind(
            "withdrawal",
            gettext_lazy("Registra il recesso"),
            gettext_lazy("Il recesso di %(name)s è registrato."),
            actions.withdraw_member,
            ("applied", "admitted", "registered", "suspended"),
        ),
        StepKind(
            "exclusion",
            gettext_lazy("Registra l’esclusione"),
            gettext_lazy("L’esclusione di %(name)s è registrata."),
            actions.exclude_member,
            ("registered", "suspended"),
        ),
        StepKind(
            "death",
            gettext_lazy("Registra il decesso"),
            gettext_lazy("Il decesso di %(name)s è registrato."),
            actions.note_death,
            ("applied", "admitted", "registered", "suspended"),
        ),
    )
}
"""In the order in which the page offers them."""

CAPITAL: dict[str, Callable[[actions.CapitalIn], UUID]] = {
    "payments": actions.pay_in_capital,
    "repayments": actions.repay_capital,
}


@require_safe
@manager_required
def members(request: MemberRequest) -> HttpResponse:
    """List the members of the manager's own cooperative."""
    cooperative = own_cooperative(request)
    text, state = request.GET.get("q", "")[:100], request.GET.get("state", "live")
    page = queries.members_page(
        cooperative_id=cooperative,
        text=text,
        state=queries.known_state(state),
        number=_page_number(request),
    )
    counts = queries.state_counts(cooperative_id=cooperative)
    states = [(value, label) for value, label in MembershipState.choices if counts.get(value)]
    context = {
        "page": page,
        "today": timezone.localdate(),
        "text": text,
        "state": state,
        "states": states,
        "waiting": counts.get("applied", 0) + counts.get("admitted", 0),
    }
    return render(request, "registry/members.html", context)


@require_safe
@manager_required
def member(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Show one line of the register with its history; the person can see who looked."""
    line = own_line(request, membership_id)
    if line.member_is_person:
        note_access(reader=request.actor, subject=line.member_id, what="membership")
    return show_member(request, line)


@require_POST
@manager_required
def member_step(request: MemberRequest, membership_id: UUID, step: str) -> HttpResponse:
    """Take a step of a membership: its noun is in the address."""
    line, kind = own_line(request, membership_id), STEPS.get(step)
    if kind is None:
        raise Http404
    form = StepForm(request.POST, auto_id=f"{step}-%s")
    if not form.is_valid():
        return show_member(request, line, opened=step, form=form, status=422)
    taken = actions.Step(
        membership_id=membership_id,
        recorded_by=request.actor.user_id,
        recorded_at=timezone.now(),
        **form.cleaned_data,
    )
    try:
        kind.run(taken)
    except DomainError as refusal:
        form.refuse(refusal)
        return show_member(request, line, opened=step, form=form, status=refusal.status)
    messages.success(request, str(kind.done) % {"name": line.member_name})
    return redirect("registry:member", membership_id)


@require_POST
@manager_required
def member_capital(request: MemberRequest, membership_id: UUID, direction: str) -> HttpResponse:
    """Record share capital that a member pays in, or is given back."""
    line, move = own_line(request, membership_id), CAPITAL.get(direction)
    if move is None:
        raise Http404
    form = CapitalForm(request.POST, auto_id=f"{direction}-%s")
    if not form.is_valid():
        return show_member(request, line, opened=direction, form=form, status=422)
    moved = actions.CapitalIn(
        membership_id=membership_id,
        key=str(form.cleaned_data["key"]),
        amount_cents=form.cleaned_data["amount_cents"],
        happened_on=form.cleaned_data["happened_on"],
        recorded_by=request.actor.user_id,
        recorded_at=timezone.now(),
    )
    try:
        move(moved)
    except DomainError as refusal:
        form.refuse(refusal)
        return show_member(request, line, opened=direction, form=form, status=refusal.status)
    messages.success(request, _("Movimento registrato: il capitale qui sotto è aggiornato."))
    return redirect("registry:member", membership_id)


def show_member(
    request: MemberRequest,
    line: MembershipPage,
    *,
    opened: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a member's page; the form that was sent stays open with what was written in it."""
    today = timezone.localdate()
    steps = [
        {
            "kind": kind,
            "form": form
            if kind.noun == opened
            else StepForm(initial={"happened_on": today}, auto_id=f"{kind.noun}-%s"),
            "is_open": kind.noun == opened,
        }
        for kind in STEPS.values()
        if line.state in kind.begins
    ]
    capital = [
        {
            "direction": direction,
            "form": form
            if direction == opened
            else CapitalForm(
                initial={"happened_on": today, "key": uuid4()}, auto_id=f"{direction}-%s"
            ),
            "is_open": direction == opened,
        }
        for direction in _capital_directions(line)
    ]
    context = {
        "line": line,
        "person_facts": _person_facts(line),
        "steps": steps,
        "capital_forms": capital,
        "may_transfer": "transferred" in line.next_states and line.shares_cents > 0,
        "capital": queries.capital_of(member_id=line.member_id, cooperative_id=line.cooperative_id),
    }
    return render(request, "registry/member.html", context, status=status)


def _person_facts(line: MembershipPage) -> list[tuple[str, str]]:
    """Return how to reach a member; who has left is nobody's to call any more."""
    if line.left_on is not None or not line.member_is_person:
        return []
    person = queries.person_page(person_id=line.member_id)
    assert person is not None
    facts = [
        (_("Codice fiscale"), person.tax_code),
        (_("E-mail"), person.email),
        (_("Telefono"), person.phone),
        (_("Indirizzo"), person.address),
        (_("Comune"), person.municipality_name),
    ]
    return [(name, value or "–") for name, value in facts]


def own_cooperative(request: MemberRequest) -> UUID:
    """Return the organisation that a manager acts for."""
    assert request.actor.node_id is not None
    return request.actor.node_id


def own_line(request: MemberRequest, membership_id: UUID) -> MembershipPage:
    """Return a line of the manager's own register; another cooperative's does not exist."""
    line = queries.membership(membership_id=membership_id)
    if line is None or line.cooperative_id != own_cooperative(request):
        raise Http404
    return line


def _capital_directions(line: MembershipPage) -> list[str]:
    directions = ["payments"] if line.state in ("registered", "suspended") else []
    return directions + (["repayments"] if line.shares_cents else [])


def _page_number(request: MemberRequest) -> int:
    number = request.GET.get("page", "1")[:6]
    return int(number) if number.isascii() and number.isdigit() else 1
