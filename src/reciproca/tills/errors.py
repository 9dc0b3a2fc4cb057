"""Why a till is refused something."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


class NotFromHere(DomainError):
    code = "not-from-here"
    message = _("Questa richiesta non viene dalla pagina della cassa.")
    status = 403


class BodyRefused(DomainError):
    code = "body-refused"
    message = _("Questi dati non si leggono: controlla %(fields)s.")
    status = 422


class DeviceUnknown(DomainError):
    code = "device-unknown"
    message = _("Questo dispositivo non è collegato a una cassa: collegalo dalla pagina Casse.")
    status = 401


class OperatorUnknown(DomainError):
    code = "operator-unknown"
    message = _("La cassa si è bloccata: scegli chi sei e scrivi il tuo codice.")
    status = 401


class LoginNeeded(DomainError):
    code = "login-needed"
    message = _("Entra con il tuo accesso, e agisci per la cooperativa che vende.")
    status = 401


class TillUnknown(DomainError):
    code = "till-unknown"
    message = _("Non troviamo questa cassa.")
    status = 404


class TillNameTaken(DomainError):
    code = "till-name-taken"
    message = _("C’è già una cassa con questo nome: danne un altro.")


class TillNameMissing(DomainError):
    code = "till-name-missing"
    message = _("Dai un nome alla cassa, per esempio «Banco».")
    status = 422


class TillDayOpen(DomainError):
    code = "till-day-open"
    message = _("Qui ci sono vendite di una giornata aperta: chiudi prima la giornata.")


class SalesHeld(DomainError):
    code = "sales-held"
    message = _("Qui ci sono vendite che aspettano una persona: guarda prima quelle.")


class DeviceAlreadyRevoked(DomainError):
    code = "device-already-revoked"
    message = _("Questo dispositivo era già scollegato.")


class OperatorNotHere(DomainError):
    code = "operator-not-here"
    message = _("Questa persona non ha un incarico alla cassa.")
    status = 404


class CodeUnfit(DomainError):
    code = "operator-code-unfit"
    message = _("Il codice ha cinque cifre, non tutte uguali e non in fila come 12345.")
    status = 422


class CodeMissing(DomainError):
    code = "operator-code-missing"
    message = _("Non hai ancora un codice: entra con il tuo accesso e scegline uno.")


class CodeWrong(DomainError):
    code = "operator-code-wrong"
    message = _("Il codice non è giusto: riscrivilo. Tentativi rimasti: %(left)s.")


class CodeLocked(DomainError):
    code = "operator-code-locked"
    message = _(
        "Troppi codici sbagliati: scegline uno nuovo con il tuo accesso, o chiedi al responsabile."
    )


class SaleUnknown(DomainError):
    code = "sale-unknown"
    message = _("Non troviamo questa vendita fra quelle di questa cassa.")
    status = 404


class SaleHeld(DomainError):
    code = "sale-held"
    message = _("Questa vendita è fra quelle da guardare: la registra una persona.")


class NotAMemberHere(DomainError):
    code = "not-a-member-here"
    message = _("Non troviamo questa persona nel libro soci: leggi la carta, o cercala di nuovo.")
    status = 404


class NoAddress(DomainError):
    code = "no-address"
    message = _("Chi ha comprato non ha un indirizzo e-mail confermato: stampa la ricevuta.")


class SalesWaiting(DomainError):
    code = "sales-waiting"
    message = _(
        "Restano %(waiting)s vendite da inviare: la giornata si chiude quando sono partite."
    )


class ClosingDiffers(DomainError):
    code = "closing-differs"
    message = _(
        "I totali non coincidono. Questo dispositivo: %(device)s. Il sistema: %(system)s. Controlla"
        " le vendite prima di chiudere."
    )


class NoteMissing(DomainError):
    code = "note-missing"
    message = _("Scrivi perché chiudi dalla scrivania e non dalla cassa.")
    status = 422


class AlreadySettled(DomainError):
    code = "already-settled"
    message = _("Qualcuno ha già deciso di questa vendita.")


class ReasonMissing(DomainError):
    code = "reason-missing"
    message = _("Scrivi perché questa vendita non si registra.")
    status = 422


class NotReadable(DomainError):
    code = "sale-not-readable"
    message = _("Di questa vendita non si leggono gli importi: si può solo scartare.")
