"""A person's part of a redistribution as PDF: why this amount."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from reciproca.redistribution.queries import OwnPart
from reciproca.web.member import part_words
from reciproca.web.statements import paper
from reciproca.web.words import euro, language, when


def own_part_pdf(part: OwnPart, *, member: str, community: str) -> bytes:
    """Return the explanation of a part; there must be one, by the very text that was adopted."""
    title = _("Perché questo importo")
    document = paper.Paper(
        title=f"{title}, {member}",
        who=f"{member}, {title}",
        community=community,
        language=language(),
    )
    return document.render(list(_parts(part, title, member)))


def _parts(part: OwnPart, title: str, member: str) -> Iterator[Flowable]:
    assert part.line is not None
    assert part.why is not None
    assert part.policy is not None
    run = part.run
    yield from paper.title(title, member)
    period = {
        "first": when(run.starts_on, style="full"),
        "last": when(run.ends_on, style="full"),
    }
    yield from paper.big_figure(
        euro(part.line.paid_cents), _("riparto dal %(first)s al %(last)s") % period
    )
    yield paper.Section(_("Che cosa hai fatto"))
    for each in part.why.parts:
        yield paper.said(part_words.criterion_sentence(each))
        yield Spacer(0, 1.5 * mm)
    yield paper.Section(_("Dalla quota al centesimo"))
    yield paper.account(part_words.facts(part))
    yield Spacer(0, 4 * mm)
    for sentence in part_words.notes(part):
        yield paper.note(sentence)
    yield paper.Section(_("Dal centesimo al voto"))
    yield paper.note(
        _("Criteri adottati: “%(title)s”, impronta %(digest)s.")
        % {"title": part.policy.title, "digest": run.policy_id}
    )
    yield paper.note(
        _("Chiave dei pareggi: %(seed)s. Impronta dei dati: %(snapshot)s.")
        % {"seed": run.seed, "snapshot": run.snapshot_digest}
    )
