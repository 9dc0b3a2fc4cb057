"""Why a purchase, an undo or a refund is refused."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


class KeyReused(DomainError):
    code = "key-reused"
    message = _("La chiave “%(key)s” è già servita per un altro acquisto. Usane una nuova.")


class SaleEmpty(DomainError):
    code = "sale-empty"
    message = _("Questo acquisto non ha righe. Aggiungi almeno un importo.")
    status = 422


class AmountTooLarge(DomainError):
    code = "amount-too-large"
    message = _("L’importo %(amount)s è troppo grande per un acquisto. Controlla i decimali.")
    status = 422


class HappenedInFuture(DomainError):
    code = "happened-in-future"
    message = _("La data dell’acquisto è nel futuro. Controlla data e ora.")
    status = 422


class SellerUnknown(DomainError):
    code = "seller-unknown"
    message = _("Non conosciamo questo venditore.")
    status = 404


class BuyerUnknown(DomainError):
    code = "buyer-unknown"
    message = _("Non conosciamo questo socio. Controlla il numero della carta.")
    status = 404


class SelfPurchase(DomainError):
    code = "self-purchase"
    message = _("Chi compra e chi vende sono la stessa organizzazione.")
    status = 422


class PurchaseUnknown(DomainError):
    code = "purchase-unknown"
    message = _("Non troviamo questo acquisto.")
    status = 404


class NotRefundable(DomainError):
    code = "not-refundable"
    message = _("Questo è già un reso: non si può rendere a sua volta.")


class NothingLeft(DomainError):
    code = "nothing-left"
    message = _("Di questo acquisto è già stato reso tutto.")


class LineUnknown(DomainError):
    code = "line-unknown"
    message = _("L’acquisto non ha una riga %(position)s.")
    status = 422


class UndoTooLate(DomainError):
    code = "undo-too-late"
    message = _("Sono passati più di dieci minuti: scrivi il motivo, oppure registra un reso.")


class UndoDayOver(DomainError):
    code = "undo-day-over"
    message = _("La giornata è chiusa: questo acquisto ora si corregge con un reso.")
