"""What allauth asks of us: names at sign-up, and a person for every login."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reciproca.registry.actions import bind_user
from reciproca.registry.fields import NameField
from reciproca.registry.models import User
from reciproca.shared.asking import Form

A_YEAR_SECONDS = 365 * 24 * 3600

_WRONG_CODE = _("Il codice non è giusto: controllalo, o fattene mandare un altro.")


class NamesForm(Form):
    """What sign-up asks besides what allauth needs."""

    first_name = NameField(
        label=_("Nome"),
        max_length=100,
        error_messages={"required": _("Scrivi il tuo nome.")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = NameField(
        label=_("Cognome"),
        max_length=100,
        error_messages={"required": _("Scrivi il tuo cognome.")},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Do nothing more: the adapter keeps the names, the person comes with the verified mail."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Binds a login to its person the first time that somebody is really in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Questo accesso è stato chiuso. Scrivi alla tua cooperativa."),
        "cannot_remove_primary_email": _("Questa è la principale: prima scegline un’altra."),
        "duplicate_email": _("Questa e-mail c’è già: scrivine un’altra."),
        "email_password_mismatch": _(
            "E-mail o password non tornano: riprova, oppure fatti mandare un codice."
        ),
        "email_taken": _("Con questa e-mail c’è già un accesso: entra, oppure usane un’altra."),
        "enter_current_password": _("La password di adesso non è questa: riscrivila."),
        "incorrect_code": _WRONG_CODE,
        "incorrect_password": _("La password non è giusta: riprova."),
        "invalid_login": _("Con questo non si entra: riprova, o scegli un altro modo."),
        "invalid_or_expired_key": _("Questo collegamento non vale più: chiedine un altro."),
        "invalid_password_reset": _("Questo collegamento non vale più: chiedine un altro."),
        "max_email_addresses": _("Hai già %d e-mail: togline una, poi aggiungi questa."),
        "rate_limited": _("Troppe richieste: aspetta qualche minuto, poi riprova."),
        "same_as_current": _("È quella che usi già: scrivine un’altra."),
        "too_many_login_attempts": _("Troppi tentativi: aspetta qualche minuto, poi riprova."),
        "unverified_primary_email": _("L’e-mail principale va prima verificata."),
    }

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


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What the second step says when something is wrong."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _(
            "Con il secondo passo attivo non si aggiungono e-mail: prima disattivalo."
        ),
        "cannot_delete_authenticator": _("Il secondo passo qui serve: non si può disattivare."),
        "cannot_generate_recovery_codes": _(
            "I codici di riserva vengono con il codice dal telefono: prima attivalo."
        ),
        "incorrect_code": _("Il codice non è giusto: riscrivi quello che vedi adesso."),
        "unverified_email": _("Prima verifica la tua e-mail, poi attiva il secondo passo."),
    }


def remember_language(response: HttpResponse, language: str) -> None:
    """Let the browser ask for pages in this language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR_SECONDS,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
