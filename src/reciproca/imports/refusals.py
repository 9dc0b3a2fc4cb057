"""Why this room refuses a file or a row; the rooms' own reasons stand beside their readers."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


class RowsRefused(DomainError):
    """Something of the file cannot be taken, and nobody said to take the rest."""

    code = "rows-refused"
    message = _(
        "%(refused)s righe non si possono registrare, perciò non è entrato niente. "
        "Correggile, oppure scegli di prendere solo le righe buone."
    )


class NoRows(DomainError):
    code = "no-rows"
    message = _("Il file ha i nomi delle colonne ma nessuna riga.")
    status = 422


class MarksUnclear(DomainError):
    code = "marks-unclear"
    message = _(
        "Nella colonna degli importi (per esempio “%(text)s”) non è chiaro quale segno divide i "
        "centesimi. Indica il segno dei decimali: decimal_mark nella mappatura."
    )
    status = 422


class DatesUnclear(DomainError):
    code = "dates-unclear"
    message = _(
        "Le date di questo file, come “%(text)s”, sembrano scritte mese/giorno/anno. "
        "Indicalo: date_format nella mappatura, o “Le date sono scritte” sulla pagina."
    )
    status = 422


class ImportBusy(DomainError):
    code = "import-busy"
    message = _("Questa importazione è già in corso: aspetta che finisca.")


class NotChangeable(DomainError):
    code = "import-not-changeable"
    message = _("Questo file è già stato registrato: le sue colonne non cambiano più.")


class RecordingCrashed(DomainError):
    code = "recording-crashed"
    message = _(
        "La registrazione si è fermata per un guasto nostro, che abbiamo registrato. Riprendi: va"
        " avanti da dov’era, e quello che è entrato non entra due volte."
    )


class NotUndoable(DomainError):
    code = "import-not-undoable"
    message = _("Si può annullare solo un’importazione completata.")


class UndoRefused(DomainError):
    """What a room answers when something stands in the way of an undo: nothing was undone."""


class ReasonMissing(DomainError):
    code = "reason-missing"
    message = _("Scrivi il motivo: resta accanto a ogni movimento contrario.")
    status = 422


class PreviewForgotten(DomainError):
    code = "preview-forgotten"
    message = _("Nessuno ha confermato questo file in tempo. Caricalo di nuovo.")


class PreviewDropped(DomainError):
    code = "preview-dropped"
    message = _("Chi lo aveva caricato ha scelto di non registrare questo file.")


class RowTooWide(DomainError):
    code = "row-too-wide"
    message = _(
        "La riga ha %(cells)s celle e i nomi di colonna sono %(columns)s: "
        "forse un testo contiene il separatore senza virgolette."
    )


class RowUnreadable(DomainError):
    code = "row-unreadable"
    message = _("La riga contiene caratteri che non si leggono: salva il file in UTF-8.")


class BasketColumnMissing(DomainError):
    code = "basket-column-missing"
    message = _(
        "Per raggruppare per scontrino serve la colonna che lo indica: scrivila in grouping.column."
    )
    status = 422


class BasketMissing(DomainError):
    code = "basket-missing"
    message = _("Manca lo scontrino a cui la riga appartiene.")


class KeyRepeated(DomainError):
    code = "key-repeated"
    message = _(
        "La riga %(first)s ha già questo codice, con un altro contenuto: tieni quella giusta."
    )


class ReceiptRepeated(DomainError):
    code = "receipt-repeated"
    message = _(
        "La riga %(first)s ha già questo numero di scontrino, con un altro contenuto: tieni quella"
        " giusta. Se sono righe di uno stesso scontrino, raggruppale per scontrino."
    )


class BasketBroken(DomainError):
    code = "basket-broken"
    message = _(
        "Un’altra riga dello stesso scontrino non va: uno scontrino si registra per intero."
    )


class BasketTooLong(DomainError):
    code = "basket-too-long"
    message = _("Troppe righe hanno lo stesso scontrino: forse la colonna indicata non è quella.")
