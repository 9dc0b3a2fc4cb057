"""What allauth asks of us: names at sign-up, and a person for every login."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reciproca.registry.actions import bind_user
from reciproca.registry.models import User

A_YEAR_SECONDS = 365 * 24 * 3600


class NamesForm(forms.Form):
    """What sign-up asks besides what allauth needs."""

    first_name = forms.CharField(
        label=_("Nome"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Cognome"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Do nothing more: the adapter keeps the names, the person comes with the verified mail."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Binds a login to its person the first time that somebody is really in."""

    def save_user(
        self, request: HttpRequest, user: User, form: forms.BaseForm, commit: bool = True
    ) -> User:
        """Keep the language somebody signs up in: their mails come in it."""
        user.language = (get_language() or "it")[:2]
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Find or make the person, now that the address is verified, and speak their language."""
        verified = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "id")
        for email in verified.values_list("email", flat=True)[:1]:
            bind_user(user_id=user.pk, verified_email=email, bound_at=timezone.now())
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_language(response, user.language)
        return response


def remember_language(response: HttpResponse, language: str) -> None:
    """Let the browser ask for pages in this language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR_SECONDS,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
