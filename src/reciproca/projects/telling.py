"""What those who proposed a project are told about it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind
from reciproca.projects.models import Assessment, Award, Project, Receipt, Tranche
from reciproca.registry.telling import OFFICE, managers_of

ADMITTED = kind(
    name="project-admitted",
    topic=OFFICE,
    sentence=_("“%(title)s” è ammesso al voto, con un costo di %(cost_cents)s."),
)
REFUSED = kind(
    name="project-refused",
    topic=OFFICE,
    sentence=_("“%(title)s” non è ammesso al voto. Il motivo: %(reason)s"),
)
AWARDED = kind(
    name="project-awarded",
    topic=OFFICE,
    sentence=_("La comunità ha scelto “%(title)s”: ha fino a %(granted_cents)s, contro ricevuta."),
)
PAID = kind(
    name="project-paid",
    topic=OFFICE,
    sentence=_("Per “%(title)s” il fondo paga %(amount_cents)s: %(what)s."),
)
UNPAID = kind(
    name="project-unpaid",
    topic=OFFICE,
    sentence=_("Per “%(title)s” il fondo non paga “%(what)s”. Il motivo: %(reason)s"),
)


def tell_assessed(*, project: Project, assessment: Assessment, told_at: datetime) -> None:
    """Tell who proposed a project whether it is admitted."""
    if assessment.admissible:
        _tell(ADMITTED, project, {"cost_cents": assessment.cost_cents}, told_at)
    else:
        _tell(REFUSED, project, {"reason": assessment.reason}, told_at)


def tell_awarded(*, awards: Sequence[Award], told_at: datetime) -> None:
    """Tell who proposed the projects that won."""
    for award in awards:
        _tell(AWARDED, award.project, {"granted_cents": award.granted_cents}, told_at)


def tell_decided(*, receipt: Receipt, tranche: Tranche, told_at: datetime) -> None:
    """Tell who handed in a receipt whether the fund pays it."""
    project, told = receipt.award.project, {"what": receipt.what}
    if tranche.amount_cents:
        _tell(PAID, project, {**told, "amount_cents": tranche.amount_cents}, told_at)
    else:
        _tell(UNPAID, project, {**told, "reason": tranche.reason}, told_at)


def _tell(what: str, project: Project, told: notices.Params, told_at: datetime) -> None:
    notices.tell(
        recipients=managers_of(node_id=project.proposer_id, at=told_at),
        kind=what,
        params={"title": project.title, **told},
        told_at=told_at,
        url=f"/projects/{project.id}/",
    )
