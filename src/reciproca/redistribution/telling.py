"""What people are told about a redistribution."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind, topic
from reciproca.redistribution.models import Line, Objection, Run, Simulation

TOPIC = topic(name="redistribution", title=_("La tua parte dei riparti"))
PAID = kind(
    name="redistribution-paid",
    topic=TOPIC,
    sentence=_("Ti arrivano %(amount_cents)s dal riparto fino al %(until_on)s: leggi perché."),
)
WAITS = kind(
    name="redistribution-waits",
    topic=TOPIC,
    sentence=_("Dal riparto fino al %(until_on)s hai %(amount_cents)s da parte per la prossima."),
)
CORRECTED = kind(
    name="redistribution-corrected",
    topic=TOPIC,
    sentence=_(
        "Il riparto fino al %(until_on)s è stato corretto: la tua parte cambia, leggi perché."
    ),
)
MEASURED = kind(
    name="redistribution-measured",
    topic=TOPIC,
    sentence=_("Il riparto fino al %(until_on)s è calcolato: ora un’altra persona lo approva."),
)
DONE = kind(
    name="redistribution-done",
    topic=TOPIC,
    sentence=_("Il riparto fino al %(until_on)s è pagato: %(amount_cents)s alle persone."),
)
TRIED = kind(
    name="redistribution-tried",
    topic=TOPIC,
    sentence=_("La prova dei criteri di riparto è pronta: guarda chi ci guadagna e chi no."),
)
ANSWERED = kind(
    name="redistribution-answered",
    topic=TOPIC,
    sentence=_("C’è una risposta alla tua obiezione sul riparto fino al %(until_on)s."),
)


def tell_members(*, run: Run, told_at: datetime) -> None:
    """Tell everybody what they get, what waits for them, or that a correction changed it."""
    until = {"until_on": run.ends_on.isoformat()}
    paid: list[tuple[UUID, dict[str, object]]] = []
    waits: list[tuple[UUID, dict[str, object]]] = []
    for line in Line.objects.filter(run=run).order_by("member_id").iterator():
        if line.paid_cents:
            paid.append((line.member_id, until | {"amount_cents": line.paid_cents}))
        elif line.carry_out_cents:
            waits.append((line.member_id, until | {"amount_cents": line.carry_out_cents}))
    url = f"/redistribution/runs/{run.id}/mine/"
    kind_of_paid = CORRECTED if run.corrects_id else PAID
    notices.tell_each(each=paid, kind=kind_of_paid, told_at=told_at, url=url)
    notices.tell_each(each=waits, kind=WAITS, told_at=told_at, url=url)


def tell_who_asked(*, run: Run, person_id: UUID, told_at: datetime) -> None:
    """Tell who began it that a run is measured or paid."""
    notices.tell(
        recipients=[person_id],
        kind=DONE if run.paid_at else MEASURED,
        params={"until_on": run.ends_on.isoformat(), "amount_cents": run.paid_cents},
        told_at=told_at,
        url=f"/redistribution/runs/{run.id}/",
    )


def tell_who_tried(*, simulation: Simulation, person_id: UUID, told_at: datetime) -> None:
    """Tell who began it that a simulation is done."""
    notices.tell(
        recipients=[person_id],
        kind=TRIED,
        told_at=told_at,
        url=f"/redistribution/simulations/{simulation.id}/",
    )


def tell_answer(*, objection: Objection, told_at: datetime) -> None:
    """Tell who objected that there is an answer."""
    notices.tell(
        recipients=[objection.member_id],
        kind=ANSWERED,
        params={"until_on": objection.run.ends_on.isoformat()},
        told_at=told_at,
        url=f"/redistribution/runs/{objection.run_id}/mine/",
    )
