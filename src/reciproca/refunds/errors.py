"""Why a cooperative's year is refused, in its own words."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


class YearNotOver(DomainError):
    code = "year-not-over"
    message = _("Il %(year)s non è ancora finito: i suoi conti si chiudono quando è finito.")


class NotACooperative(DomainError):
    code = "not-a-cooperative"
    message = _("I conti dell’anno sono di una cooperativa: scegline una.")
    status = 404


class AccountsFinal(DomainError):
    code = "accounts-final"
    message = _(
        "Il ristorno del %(year)s è già stato diviso su questi conti: non si possono più cambiare."
    )


class AccountsMissing(DomainError):
    code = "accounts-missing"
    message = _("Mancano i conti del %(year)s: inseriscili prima.")


class ResolutionMissing(DomainError):
    code = "resolution-missing"
    message = _(
        "Manca la delibera dell’assemblea: senza, il ristorno non si può dividere. Aggiungi data e"
        " numero di protocollo."
    )


class ResolutionTooEarly(DomainError):
    code = "resolution-too-early"
    message = _("L’assemblea approva i conti a esercizio chiuso: la data viene dopo il %(until)s.")
    status = 422


class AmountNegative(DomainError):
    code = "amount-negative"
    message = _("Soltanto l’utile e il patrimonio netto possono essere sotto lo zero.")
    status = 422


class AmountTooLarge(DomainError):
    code = "amount-too-large"
    message = _("Uno degli importi è troppo grande: controlla di averlo scritto in euro.")
    status = 422


class SharesAboveAll(DomainError):
    code = "shares-above-all"
    message = _("Contanti e capitale insieme superano il 100%: riduci una delle due parti.")
    status = 422


class RateRefused(DomainError):
    code = "rate-refused"
    message = _("Il tasso dei buoni postali va da 0 a 100%.")
    status = 422


class ShareValueRefused(DomainError):
    code = "share-value-refused"
    message = _("Scrivi il valore di una quota fra %(least)s e %(most)s.")
    status = 422


class ExchangeUnknown(DomainError):
    code = "exchange-unknown"
    message = _(
        "Non si sa che cosa i soci scambino con questa cooperativa (utenza, lavoro o conferimento):"
        " scrivilo nella sua scheda, perché decide il limite di legge del ristorno."
    )


class ClaimsMissing(DomainError):
    code = "claims-missing"
    message = _(
        "Per dividere il ristorno servono le ore e le retribuzioni dei soci, o i loro conferimenti:"
        " caricali con il foglio dei soci."
    )


class ClaimUnknownMember(DomainError):
    code = "claim-unknown-member"
    message = _("Il foglio nomina persone che non sono nel libro soci: controlla i numeri.")
    status = 422


class ClaimWithoutPay(DomainError):
    code = "claim-without-pay"
    message = _(
        "Per i soci lavoratori serve la retribuzione dell’anno: il ristorno non può superarne una"
        " parte."
    )
    status = 422


class NothingToRefund(DomainError):
    code = "nothing-to-refund"
    message = _("Da questi conti non esce alcun ristorno: non c’è nulla da dividere.")


class NoClaims(DomainError):
    code = "no-claims"
    message = _("Nessun socio ha acquistato nel %(year)s: non c’è nessuno a cui ristornare.")


class NoPolicyForCredit(DomainError):
    code = "no-policy-for-credit"
    message = _(
        "Una parte del ristorno diventa credito, ma nessun criterio di ritorno dice quando scade:"
        " paga in contanti o in capitale, o chiedi alla federazione."
    )


class RefundNotRun(DomainError):
    code = "refund-not-run"
    message = _("Il ristorno del %(year)s non è ancora stato diviso.")


class NothingToPay(DomainError):
    code = "nothing-to-pay"
    message = _("Non c’è alcun ristorno in contanti da pagare con la banca.")


class ReferenceMissing(DomainError):
    code = "reference-missing"
    message = _("Scrivi il riferimento che la banca ha dato al pagamento.")
    status = 422


class PaidInFuture(DomainError):
    code = "paid-in-future"
    message = _("Il giorno del pagamento non può essere nel futuro.")
    status = 422
