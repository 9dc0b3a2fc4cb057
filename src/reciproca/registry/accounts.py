"""What allauth asks of us: names at sign-up, and a person for every login."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reciproca.registry import queries
from reciproca.registry.actions import bind_user
from reciproca.registry.fields import NameField
from reciproca.registry.models import User
from reciproca.shared.asking import Form
from reciproca.shared.types import MANDATE_KEY

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


def called(user: User) -> str:
    """Return how somebody is greeted: by their own name where we know it."""
    person = getattr(user.person, "person", None) if user.person_id else None
    return getattr(person, "first_name", "") or user.first_name or user.email


class AccessForm(Form):
    """What somebody chooses who may come in at once: on the opening page, or by an invitation."""

    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Con questa entrerai."),
        error_messages={"required": _("Scrivi la tua e-mail: con questa entrerai.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        error_messages={"required": _("Scegli una password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_email(self) -> str:
        """Refuse an address that opens an access already."""
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(
                _("Con questa e-mail c’è già un accesso: entra con quello.")
            )
        return email

    def clean_password(self) -> str:
        """Refuse what is easily guessed."""
        chosen: str = get_adapter().clean_password(self.cleaned_data["password"])
        return chosen


def enter_first_time(
    request: HttpRequest, *, email: str, password: str, person_id: UUID | None = None
) -> HttpResponse:
    """
    Make a login and let its owner in; without `person_id` its person is found by the address.

    Where mail can be sent the address proves itself by a code first. Where it cannot, whoever may
    use this page (by the terminal's secret, or by a link that an officer or a manager handed over)
    is believed.
    """
    with transaction.atomic():
        user = User.objects.create_user(
            email, password, person_id=person_id, language=(get_language() or "it")[:2]
        )
        EmailAddress.objects.create(
            user=user, email=email, primary=True, verified=not settings.EMAIL_HOST
        )
    response: HttpResponse = perform_login(request, user, redirect_url=reverse("web:home"))
    return response


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
        user.refresh_from_db(fields=["person"])
        _begin_at_work(request, user)
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


def _begin_at_work(request: HttpRequest, user: User) -> None:
    """Let who works for somebody and is nowhere a member begin there: a purse says nothing yet."""
    if user.person_id is None or queries.live_cooperatives_of(member_id=user.person_id):
        return
    held = queries.mandates_of(person_id=user.person_id, on=timezone.localdate())
    if held:
        request.session[MANDATE_KEY] = str(held[0].id)


def remember_language(response: HttpResponse, language: str) -> None:
    """Let the browser ask for pages in this language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR_SECONDS,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
