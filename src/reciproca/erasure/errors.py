"""What hinders an erasure: each says what comes first."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


class AlreadyErased(DomainError):
    code = "already-erased"
    message = _("Di questa persona non c’è più niente da cancellare: ricarica la pagina.")


class StillMember(DomainError):
    code = "still-member"
    message = _(
        "C’è ancora un’iscrizione, o una domanda, presso %(cooperatives)s: prima serve il recesso."
    )


class StillActs(DomainError):
    code = "still-acts"
    message = _("C’è ancora un incarico per %(organisations)s: prima qualcuno deve toglierlo.")


class OrdersOpen(DomainError):
    code = "orders-open"
    message = _("Al mercato c’è un ordine che aspetta: prima va annullato o ritirato.")


class CreditLeft(DomainError):
    code = "credit-left"
    message = _(
        "C’è ancora del credito, %(amount)s: si può darlo a un progetto, oppure lasciarlo andare."
    )


class CashUnpaid(DomainError):
    code = "cash-unpaid"
    message = _(
        "C’è un ristorno in denaro da ricevere, %(amount)s: prima la cooperativa deve pagarlo."
    )


class SharesNotRepaid(DomainError):
    code = "shares-not-repaid"
    message = _("C’è capitale versato, %(amount)s: prima la cooperativa deve renderlo.")


class RecoveryOpen(DomainError):
    code = "recovery-open"
    message = _(
        "Manca da ridare il ritorno di un acquisto reso, %(amount)s: si chiude con i prossimi"
        " acquisti nello stesso negozio. Se non ce ne saranno, chiedi alla federazione."
    )


class LeavesWaiting(DomainError):
    code = "leaves-waiting"
    message = _(
        "Gli ultimi movimenti stanno ancora entrando nel registro di trasparenza: riprova fra"
        " qualche minuto."
    )
