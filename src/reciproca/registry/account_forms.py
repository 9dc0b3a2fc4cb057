"""allauth's forms, in our words: what is missing, and what to do (`ACCOUNT_FORMS`, `MFA_FORMS`)."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.recovery_codes import forms as recovery_codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from allauth.socialaccount import forms as identity
from django.utils.translation import gettext_lazy as _

from reciproca.shared.asking import OwnWords

_EMAIL = _("Scrivi la tua e-mail, per esempio nome@esempio.it.")
_LABELS = {
    "account": _("Quale identità"),
    "credential": _("Passkey"),
    "name": _("Come la vuoi chiamare"),
}


class _Words(OwnWords):
    """What is missing, by the names that allauth gives its fields."""

    missing = {
        "account": _("Scegli quale identità scollegare."),
        "code": _("Scrivi il codice."),
        "credential": _("La passkey non ha risposto: riprova, o scegli un altro modo."),
        "email": _EMAIL,
        "login": _EMAIL,
        "name": _("Scrivi un nome che distingua questa passkey, per esempio «Telefono»."),
        "oldpassword": _("Scrivi la password che usi adesso."),
        "password": _("Scrivi la tua password."),
        "password1": _("Scegli una password e scrivila qui."),
        "password2": _("Scrivi la password nuova un’altra volta."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for name in _LABELS.keys() & fields.keys():
            fields[name].label = _LABELS[name]
        if "credential" in fields:
            fields["credential"].error_messages["invalid"] = self.missing["credential"]


class LoginForm(_Words, account.LoginForm):  # type: ignore[misc]
    """An address and a password."""


class SignupForm(_Words, account.SignupForm):  # type: ignore[misc]
    """A new login."""


class AddEmailForm(_Words, account.AddEmailForm):  # type: ignore[misc]
    """One more address to come in with."""


class ChangePasswordForm(_Words, account.ChangePasswordForm):  # type: ignore[misc]
    """Another password."""


class SetPasswordForm(_Words, account.SetPasswordForm):  # type: ignore[misc]
    """The first password."""


class ResetPasswordForm(_Words, account.ResetPasswordForm):  # type: ignore[misc]
    """To whom to write when a password is forgotten."""


class ResetPasswordKeyForm(_Words, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password in place of a forgotten one."""


class ReauthenticateForm(_Words, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""


class RequestLoginCodeForm(_Words, account.RequestLoginCodeForm):  # type: ignore[misc]
    """Where to send a code to come in with."""


class ConfirmLoginCodeForm(_Words, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that came by mail."""


class ConfirmEmailForm(_Words, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """The code that proves an address."""


class ConfirmResetForm(_Words, account.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """The code that lets somebody choose a new password."""


class ChangeEmailForm(_Words, account.ChangeEmailForm):  # type: ignore[misc]
    """Another address, while the first is not yet proved."""


class AuthenticateForm(_Words, second_step.AuthenticateForm):  # type: ignore[misc]
    """The code of the second step."""


class SecondStepAgainForm(_Words, second_step.ReauthenticateForm):  # type: ignore[misc]
    """The code of the second step, once more."""


class ActivateTotpForm(_Words, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a phone."""


class DeactivateTotpForm(_Words, totp.DeactivateTOTPForm):  # type: ignore[misc]
    """No more codes from the phone."""


class RecoveryCodesForm(_Words, recovery_codes.GenerateRecoveryCodesForm):  # type: ignore[misc]
    """New codes for who loses the phone."""


class AddPasskeyForm(_Words, passkey.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and its name."""


class SignupPasskeyForm(_Words, passkey.SignupWebAuthnForm):  # type: ignore[misc]
    """The passkey of a new login."""


class EditPasskeyForm(_Words, passkey.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""


class LoginPasskeyForm(_Words, passkey.LoginWebAuthnForm):  # type: ignore[misc]
    """Coming in with a passkey."""


class AuthenticatePasskeyForm(_Words, passkey.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""


class PasskeyAgainForm(_Words, passkey.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, once more."""


class IdentitySignupForm(_Words, identity.SignupForm):  # type: ignore[misc]
    """A new login with a digital identity."""


class DisconnectForm(_Words, identity.DisconnectForm):  # type: ignore[misc]
    """An identity that is no longer used."""
