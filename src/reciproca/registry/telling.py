"""What this room tells people, and to whom."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.notices.kinds import kind, topic
from reciproca.registry.models import Mandate, Node, NodeKind

MEMBERSHIP = topic(name="membership", title=_("Le tue iscrizioni alle cooperative"))
OFFICE = topic(name="office", title=_("Il lavoro per la tua organizzazione"))
SAFETY = topic(name="safety", title=_("Sicurezza: carta, incarichi, dati che cambiano"))

STEPS = {
    "admitted": kind(
        name="membership-admitted",
        topic=MEMBERSHIP,
        sentence=_("%(cooperative)s ha accolto la tua domanda: manca solo l’iscrizione."),
    ),
    "registered": kind(
        name="membership-registered",
        topic=MEMBERSHIP,
        sentence=_("Ora fai parte di %(cooperative)s: sei nel libro soci al numero %(number)s."),
    ),
    "refused": kind(
        name="membership-refused",
        topic=MEMBERSHIP,
        sentence=_(
            "%(cooperative)s non ha accolto la tua domanda. Il motivo: %(note)s"
            " Entro %(days)s giorni puoi chiedere che decida l’assemblea."
        ),
    ),
    "suspended": kind(
        name="membership-suspended",
        topic=MEMBERSHIP,
        sentence=_("%(cooperative)s ha sospeso la tua iscrizione. Il motivo: %(note)s"),
    ),
    "withdrawn": kind(
        name="membership-withdrawn",
        topic=MEMBERSHIP,
        sentence=_("Non fai più parte di %(cooperative)s, come hai chiesto."),
    ),
    "transferred": kind(
        name="membership-transferred",
        topic=MEMBERSHIP,
        sentence=_("Hai ceduto la tua quota di %(cooperative)s: non ne fai più parte."),
    ),
    "excluded": kind(
        name="membership-excluded",
        topic=MEMBERSHIP,
        sentence=_(
            "%(cooperative)s ha deciso la tua esclusione dal libro soci. Il motivo: %(note)s"
            " Puoi opporti: chiedi in cooperativa come e fino a quando."
        ),
    ),
}
SHARE_TAKEN = kind(
    name="share-taken-over",
    topic=MEMBERSHIP,
    sentence=_("La quota di %(giver)s in %(cooperative)s ora è tua: %(amount_cents)s."),
)
APPLICATION = kind(
    name="membership-applied",
    topic=OFFICE,
    sentence=_("%(person)s chiede di entrare in %(cooperative)s: rispondi entro %(days)s giorni."),
)
MANDATE_GRANTED = kind(
    name="mandate-granted",
    topic=SAFETY,
    sentence=_("Ora puoi agire per %(organisation)s. Cambia ruolo dal tuo profilo."),
)
CARD_REPLACED = kind(
    name="card-replaced",
    topic=SAFETY,
    sentence=_("La tua carta di prima è bloccata e ne hai una nuova: la trovi nella sua pagina."),
)
CARD_REFUSED = kind(
    name="card-refused",
    topic=SAFETY,
    sentence=_("La tua carta non è stata accettata da %(seller)s. Se non eri tu, bloccala subito."),
)
PIN_SET = kind(
    name="pin-set",
    topic=SAFETY,
    sentence=_("La tua carta ha un nuovo PIN. Se non lo hai scelto tu, blocca la carta."),
)
PHONE_PAIRED = kind(
    name="phone-paired",
    topic=SAFETY,
    sentence=_("Un telefono ora mostra la tua carta. Se non è il tuo, scollegalo subito."),
)
PEOPLE_MERGED = kind(
    name="people-merged",
    topic=SAFETY,
    sentence=_(
        "Nella comunità avevi due schede: ora sono una, questa. La carta dell’altra non vale più."
        " Se non sei tu, scrivi alla cooperativa: si può annullare."
    ),
)
PEOPLE_PARTED = kind(
    name="people-parted",
    topic=SAFETY,
    sentence=_("La scheda che era stata unita alla tua è di nuovo da sola: non era la tua."),
)
ASSISTED = {
    what: kind(name=f"assisted-{what}", topic=SAFETY, sentence=sentence)
    for what, sentence in {
        "admission": _(
            "Allo sportello di %(organisation)s, %(operator)s ha registrato la tua domanda: la"
            " carta vale da subito, l’ammissione la decide il consiglio."
        ),
        "application": _(
            "Allo sportello di %(organisation)s, %(operator)s ha mandato per te una domanda a"
            " un’altra cooperativa."
        ),
        "card-printed": _(
            "Allo sportello di %(organisation)s, %(operator)s ha stampato la tua carta."
        ),
        "new-card": _(
            "Allo sportello di %(organisation)s, %(operator)s ha bloccato la tua carta di prima e"
            " te ne ha data una nuova."
        ),
        "pin": _(
            "Allo sportello di %(organisation)s, con %(operator)s, la tua carta ha avuto un nuovo"
            " PIN. Se non lo hai scelto tu, blocca la carta."
        ),
        "details": _(
            "Allo sportello di %(organisation)s, %(operator)s ha cambiato i tuoi recapiti."
        ),
        "email": _(
            "Allo sportello di %(organisation)s, %(operator)s ha scritto la tua prima e-mail: vale"
            " per entrare quando un’altra persona della cooperativa la conferma."
        ),
        "gift": _(
            "Allo sportello di %(organisation)s, con %(operator)s, hai donato credito a un"
            " progetto."
        ),
        "statement": _(
            "Allo sportello di %(organisation)s, %(operator)s ha stampato il tuo estratto."
        ),
    }.items()
}
"""What was done for somebody at a desk, with who did it and where."""
DESK_CONFIRMED = {
    "pin": kind(
        name="desk-confirmed-pin",
        topic=SAFETY,
        sentence=_(
            "%(operator)s di %(organisation)s ha confermato il nuovo PIN della tua carta: da ora"
            " vale. Se non lo hai scelto tu, blocca la carta."
        ),
    ),
    "email": kind(
        name="desk-confirmed-email",
        topic=SAFETY,
        sentence=_("%(operator)s di %(organisation)s ha confermato la tua e-mail: puoi entrare."),
    ),
}
DESK_REFUSED = {
    "pin": kind(
        name="desk-refused-pin",
        topic=SAFETY,
        sentence=_(
            "%(operator)s di %(organisation)s non ha confermato il nuovo PIN della tua carta: non"
            " vale. Puoi sceglierne un altro."
        ),
    ),
    "email": kind(
        name="desk-refused-email",
        topic=SAFETY,
        sentence=_(
            "%(operator)s di %(organisation)s non ha confermato l’e-mail scritta per te: non c’è"
            " più."
        ),
    ),
}
DESK_CHECK_ASKED = kind(
    name="desk-check-asked",
    topic=OFFICE,
    sentence=_("%(operator)s ha fatto qualcosa allo sportello che una seconda persona conferma."),
)
DESK_DISPUTED = kind(
    name="desk-disputed",
    topic=OFFICE,
    sentence=_(
        "%(person)s dice di non aver chiesto quello che %(operator)s ha fatto per lei allo"
        " sportello: chiedi a tutti e due."
    ),
)
DESK_DISPUTED_SOMEWHERE = kind(
    name="desk-disputed-somewhere",
    topic=OFFICE,
    sentence=_(
        "Qualcuno dice di non aver chiesto quello che %(operator)s ha fatto per lui allo sportello"
        " di %(organisation)s: senti la cooperativa."
    ),
)

IBAN_CHANGED = kind(
    name="iban-changed",
    topic=SAFETY,
    sentence=_(
        "È cambiato il conto corrente di %(organisation)s. Se non lo hai chiesto tu, avvisa la"
        " federazione oggi stesso."
    ),
)

CLAIMED = kind(
    name="organisation-claimed",
    topic=OFFICE,
    sentence=_("%(person)s chiede di gestire la scheda di %(organisation)s: guarda se è così."),
)
CLAIM_REFUSED = kind(
    name="organisation-claim-refused",
    topic=OFFICE,
    sentence=_("La scheda di %(organisation)s non passa a te. Il motivo: %(note)s"),
)


def tell_node(
    *,
    node_id: UUID,
    kind: str,
    told_at: datetime,
    params: Mapping[str, object] | None = None,
    url: str = "",
) -> None:
    """Tell a person, or everybody who manages the organisation."""
    node = Node.objects.get(pk=node_id)
    people = [node_id] if node.kind == NodeKind.PERSON else managers_of(node_id=node_id, at=told_at)
    tell(recipients=people, kind=kind, told_at=told_at, params=params, url=url)


def managers_of(*, node_id: UUID, at: datetime) -> list[UUID]:
    """Return the people who manage an organisation (officers, for the federation) today."""
    return managers_of_all([node_id], at=at)


def managers_of_all(nodes: Collection[UUID], /, *, at: datetime) -> list[UUID]:
    """Return the people who manage one of these organisations today, in one SQL query."""
    held = Mandate.objects.in_force(on=timezone.localdate(at)).filter(
        organisation_id__in=nodes, role__in=["manager", "officer"]
    )
    return list(held.values_list("person_id", flat=True).distinct())
