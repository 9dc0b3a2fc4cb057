"""Why an offer, a pick-up point or a complaint is refused."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


class OfferUnknown(DomainError):
    code = "offer-unknown"
    message = _("Questa offerta non c’è più: torna al mercato e cercane un’altra.")
    status = 404


class TitleMissing(DomainError):
    code = "title-missing"
    message = _("Scrivi che cosa offri o cerchi.")
    status = 422


class PriceMissing(DomainError):
    code = "price-missing"
    message = _("Scrivi il prezzo, IVA compresa, più alto di zero.")
    status = 422


class PickupMissing(DomainError):
    code = "pickup-missing"
    message = _("Scegli dove si ritira: se non c’è ancora nessun luogo, aggiungilo prima.")
    status = 422


class PickupInUse(DomainError):
    code = "pickup-in-use"
    message = _("Qui si ritirano ancora delle offerte: prima chiudile o cambia il loro luogo.")


class EanRefused(DomainError):
    code = "ean-refused"
    message = _("“%(ean)s” non è un codice a barre: controlla le cifre.")
    status = 422


class StepRefused(DomainError):
    code = "step-refused"
    message = _("A pezzi, a ore o a corpo si vende per unità intere.")
    status = 422


class TermsMissing(DomainError):
    code = "terms-missing"
    message = _("Scrivi che cosa ottiene chi aderisce alla convenzione.")
    status = 422


class AlreadyOffered(DomainError):
    code = "already-offered"
    message = _("Questo codice a barre è già in un’altra tua offerta: cambia quella.")


class ComplaintUnknown(DomainError):
    code = "complaint-unknown"
    message = _("Questa segnalazione non c’è.")
    status = 404


class ComplaintEmpty(DomainError):
    code = "complaint-empty"
    message = _("Scrivi che cosa non va: chi decide e chi offre devono poterlo capire.")
    status = 422


class AlreadyDecided(DomainError):
    code = "complaint-decided"
    message = _("Su questa segnalazione è già stato deciso.")


class AnswerMissing(DomainError):
    code = "answer-missing"
    message = _("Scrivi perché: lo leggono chi ha segnalato e chi offre.")
    status = 422


class CartEmpty(DomainError):
    code = "cart-empty"
    message = _("Il carrello è vuoto: aggiungi prima qualcosa.")
    status = 422


class CartChanged(DomainError):
    code = "cart-changed"
    message = _(
        "Mentre guardavi, nel carrello è cambiato qualcosa: rileggi prezzi e quantità, e conferma."
    )


class NotEnough(DomainError):
    code = "not-enough"
    message = _("%(title)s: qualcuno è arrivato prima, ne restano %(left)s. Cambia la quantità.")


class NoLongerOffered(DomainError):
    code = "no-longer-offered"
    message = _("%(title)s: non è più al mercato. Toglilo dal carrello.")


class QuantityRefused(DomainError):
    code = "quantity-refused"
    message = _("%(title)s: si vende a multipli di %(step)s.")
    status = 422


class CartTooLong(DomainError):
    code = "cart-too-long"
    message = _("In un carrello stanno %(most)s cose: conferma queste, poi aggiungi le altre.")


class OrderUnknown(DomainError):
    code = "order-unknown"
    message = _("Questo ordine non c’è.")
    status = 404


class OrderOver(DomainError):
    code = "order-over"
    message = _("Questo ordine è già chiuso: %(state)s. Non si è mosso niente.")


class OrderReady(DomainError):
    code = "order-ready"
    message = _("È già pronto: per annullarlo scrivi a chi vende, che può farlo.")


class ReasonMissing(DomainError):
    code = "reason-missing"
    message = _("Scrivi perché: chi ha ordinato deve poterlo leggere.")
    status = 422


class NothingDelivered(DomainError):
    code = "nothing-delivered"
    message = _("Se non consegni niente, annulla l’ordine: così si liberano i crediti.")
    status = 422


class MoreThanOrdered(DomainError):
    code = "more-than-ordered"
    message = _("%(title)s: se ne possono consegnare al massimo %(ordered)s.")
    status = 422


class MessageEmpty(DomainError):
    code = "message-empty"
    message = _("Scrivi qualcosa.")
    status = 422
