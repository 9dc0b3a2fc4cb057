"""Django's checks of a new password, which say what to change and not only what is wrong."""

from django.contrib.auth import password_validation as checks
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongEnough(checks.MinimumLengthValidator):
    """A password of a certain length."""

    def get_error_message(self) -> str:
        return (
            ngettext(
                "Allunga la password: almeno %d carattere.",
                "Allunga la password: almeno %d caratteri.",
                self.min_length,
            )
            % self.min_length
        )


class NotCommon(checks.CommonPasswordValidator):
    """A password that is in no list."""

    def get_error_message(self) -> str:
        return _("Questa password la usano in tanti, e si indovina: scegline un’altra.")


class NotOnlyDigits(checks.NumericPasswordValidator):
    """A password of more than digits."""

    def get_error_message(self) -> str:
        return _("Aggiungi qualche lettera alla password: solo cifre si indovina.")
