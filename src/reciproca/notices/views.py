"""What somebody was told, and how they want to hear of it."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.notices import actions, queries
from reciproca.notices.models import Mail
from reciproca.shared.asking import Form
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required
from reciproca.shared.types import MemberRequest


class PreferencesForm(Form):
    """One choice for each topic."""

    def __init__(self, *args: Any, choices: list[queries.TopicChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in choices:
            self.fields[topic.name] = forms.ChoiceField(
                label=topic.title,
                choices=Mail.choices,
                initial=topic.mail,
                error_messages={"required": gettext_lazy("Scegli come vuoi saperlo.")},
            )


@require_safe
@known_required
def notices(request: MemberRequest) -> HttpResponse:
    """Show what somebody was told, latest first; having seen it, it is no longer new."""
    assert request.actor.person_id is not None
    rows = queries.notices_of(
        person_id=request.actor.person_id, before=_moment(request.GET.get("before", ""))
    )
    context = {"notices": rows, "has_more": len(rows) == queries.PAGE_SIZE}
    return render(request, "notices/list.html", context)


@require_POST
@known_required
def reading(request: MemberRequest) -> HttpResponse:
    """Mark as read everything told up to what the page showed."""
    assert request.actor.person_id is not None
    now = timezone.now()
    actions.mark_read(
        person_id=request.actor.person_id,
        up_to=_moment(request.POST.get("up_to", "")) or now,
        read_at=now,
    )
    return redirect("notices:list")


@require_http_methods(["GET", "HEAD", "POST"])
@known_required
def preferences(request: MemberRequest) -> HttpResponse:
    """Let somebody choose, topic by topic, how to hear of things by mail."""
    assert request.actor.person_id is not None
    choices = queries.mail_choices(person_id=request.actor.person_id)
    form = PreferencesForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_mail(person_id=request.actor.person_id, choices=form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Fatto: da ora ti scriviamo così."))
            return redirect("notices:preferences")
    context = {"form": form}
    return render(request, "notices/preferences.html", context, status=422 if form.errors else 200)


def _moment(text: str) -> datetime | None:
    """Return the instant written in an address, None for anything else."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None
