"""Refusals of a redistribution."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


class PolicyMissing(DomainError):
    code = "redistribution-no-policy"
    message = _("Nessun criterio di riparto è in vigore: prima l’assemblea ne adotta uno.")


class PolicyTampered(DomainError):
    code = "redistribution-policy-tampered"
    message = _(
        "Il testo dei criteri non è più quello che fu adottato: la sua impronta sarebbe %(found)s e"
        " la delibera nomina %(digest)s. Il riparto è fermo: avvisa chi cura il sistema."
    )


class SnapshotTampered(DomainError):
    code = "redistribution-snapshot-tampered"
    message = _(
        "I dati del riparto non sono più quelli fermati il giorno della misura: la loro impronta"
        " sarebbe %(found)s e fu %(digest)s. Il riparto è fermo: avvisa chi cura il sistema."
    )


class PartsTampered(DomainError):
    code = "redistribution-parts-tampered"
    message = _(
        "Ricalcolata, la parte di %(member)s è diversa da quella scritta. Il riparto è fermo:"
        " avvisa chi cura il sistema."
    )


class PeriodNotOver(DomainError):
    code = "redistribution-period-not-over"
    message = _("Si divide un periodo finito: scegli un ultimo giorno prima di oggi.")
    status = 422


class PeriodBackwards(DomainError):
    code = "redistribution-period-backwards"
    message = _("Il periodo comincia dopo che finisce: scambia i due giorni.")
    status = 422


class PeriodTaken(DomainError):
    code = "redistribution-period-taken"
    message = _("Fino al %(until)s è già stato diviso: comincia dal giorno dopo.")


class RunOpen(DomainError):
    code = "redistribution-run-open"
    message = _("C’è un riparto ancora aperto: prima approvalo o ritiralo.")


class NothingToDivide(DomainError):
    code = "redistribution-nothing"
    message = _("Nel monte non c’è niente da dividere per questo periodo.")


class NotMeasured(DomainError):
    code = "redistribution-not-measured"
    message = _("Il riparto non è ancora calcolato: aspetta che finisca, poi approva.")


class AlreadyDecided(DomainError):
    code = "redistribution-already-decided"
    message = _("Questo riparto è già approvato o ritirato: non si cambia più.")


class SecondPersonNeeded(DomainError):
    code = "redistribution-second-person"
    message = _("L’hai aperto tu: ad approvarlo dev’essere un’altra persona.")
    status = 403


class NoPolicyForCredit(DomainError):
    code = "redistribution-no-credit-policy"
    message = _("Nessun criterio di ritorno è in vigore: senza, il credito non ha una scadenza.")


class NotPaid(DomainError):
    code = "redistribution-not-paid"
    message = _("Si corregge un riparto già pagato: questo non lo è.")


class ReasonMissing(DomainError):
    code = "redistribution-reason-missing"
    message = _("Scrivi perché: lo leggeranno tutti quelli a cui cambia la parte.")
    status = 422


class NothingToCorrect(DomainError):
    code = "redistribution-nothing-to-correct"
    message = _(
        "Ricalcolato con i dati di oggi, il riparto è uguale: non c’è niente da correggere."
    )


class ObjectionsOver(DomainError):
    code = "redistribution-objections-over"
    message = _("I 30 giorni per obiettare sono finiti.")


class ObjectionMade(DomainError):
    code = "redistribution-objection-made"
    message = _("Hai già scritto un’obiezione su questo riparto: leggi qui la risposta.")


class TextMissing(DomainError):
    code = "redistribution-text-missing"
    message = _("Scrivi che cosa non torna.")
    status = 422


class AlreadyAnswered(DomainError):
    code = "redistribution-already-answered"
    message = _("A questa obiezione è già stato risposto.")


class RollsForgotten(DomainError):
    code = "redistribution-rolls-forgotten"
    message = _(
        "Chi ha votato in una votazione di questo periodo è già stato dimenticato, come vuole la"
        " regola: la partecipazione non si conta più. Scegli un periodo più recente, o criteri"
        " senza partecipazione."
    )


class PointsUnreadable(DomainError):
    code = "redistribution-points-unreadable"
    message = _(
        "Alla riga %(line)s non si legge “%(text)s”: scrivi carta, codice fiscale o e-mail, punto e"
        " virgola, e i punti da 0 a %(most)s."
    )
    status = 422


class PointsPersonUnknown(DomainError):
    code = "redistribution-points-person"
    message = _(
        "Nessuno, o più di uno, è registrato come “%(text)s”: controlla carta, codice fiscale o"
        " e-mail."
    )
    status = 422


class PointsTwice(DomainError):
    code = "redistribution-points-twice"
    message = _("La persona di “%(text)s” c’è già più in alto: lascia una riga sola.")
    status = 422


class PointsTooMany(DomainError):
    code = "redistribution-points-many"
    message = _("Sono più di %(most)s righe: consegnale in più elenchi.")
    status = 422


class TooFewPolicies(DomainError):
    code = "redistribution-too-few-policies"
    message = _("Scegli almeno un criterio da provare.")
    status = 422
