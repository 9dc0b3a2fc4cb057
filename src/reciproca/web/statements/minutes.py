"""The minutes of an assembly as PDF: the same bytes whenever they are drawn from the same facts."""

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer

from reciproca.assemblies.queries.minutes import (
    Attendee,
    Minutes,
    MotionTaken,
    NamedVote,
    VoteTaken,
)
from reciproca.web.statements import paper
from reciproca.web.words import count, language, when


def minutes_pdf(minutes: Minutes, *, number: str, community: str) -> bytes:
    """Return the minutes; without a `number` they are a draft, and say so."""
    assembly = minutes.assembly
    title = _("Verbale %(number)s") % {"number": number} if number else _("Bozza di verbale")
    document = paper.Paper(
        title=f"{title}, {assembly.title}",
        who=f"{minutes.node_name}, {assembly.title}",
        community=community,
        language=language(),
    )
    return document.render(list(_parts(minutes, title)))


def _parts(minutes: Minutes, title: str) -> Iterator[Flowable]:
    assembly = minutes.assembly
    yield from paper.title(title, f"{assembly.body.name}, {minutes.node_name}. {assembly.title}.")
    yield paper.Section(_("Riunione"))
    yield paper.account(_meeting(minutes), last_is_sum=False)
    yield paper.Section(_("Presenti"))
    if minutes.attendees:
        yield paper.table(
            head=[_("Chi"), _("Per delega di"), _("Entrata"), _("Uscita"), _("Voti")],
            texts=2,
            rows=[_attendee(each) for each in minutes.attendees],
        )
    else:
        yield paper.note(_("Nessuno."))
    if minutes.speakers:
        yield Spacer(0, 3 * mm)
        yield paper.note(_("Sono intervenuti: %s.") % ", ".join(dict.fromkeys(minutes.speakers)))
    for item in minutes.items:
        yield paper.Section(f"{item.number}. {item.title}")
        if item.text:
            yield from _text(item.text)
        for motion in item.motions:
            yield from _motion(motion)
    yield Spacer(0, 12 * mm)
    yield paper.account(
        [(_("Chi presiede"), _("Chi scrive")), (minutes.chair or "–", minutes.secretary or "–")],
        last_is_sum=False,
    )


def _meeting(minutes: Minutes) -> list[tuple[str, str]]:
    assembly = minutes.assembly
    told = ", ".join(f"{way} {count(people)}" for way, people in minutes.told.items())
    rows = [
        (_("Convocata il"), _at(assembly.called_at)),
        (_("Avvisati"), told or "–"),
        (_("Dove"), assembly.place or assembly.link),
        (_("Aventi diritto, al giorno di riferimento"), count(minutes.elector_count)),
        (_("Voti che spettano in tutto"), count(minutes.entitled_votes)),
    ]
    if assembly.call:
        call = _("prima convocazione") if assembly.call == 1 else _("seconda convocazione")
        rows.append((_("Aperta in"), call))
        rows.append((_("Aperta il"), _at(assembly.opened_at)))
    elif assembly.closed_at:
        rows.append((_("Aperta in"), _("nessuna: è mancato il numero legale")))
    if assembly.closed_at:
        rows.append((_("Chiusa il"), _at(assembly.closed_at)))
    return rows


def _attendee(each: Attendee) -> list[str]:
    name = f"{each.name} ({each.person})" if each.person else each.name
    return [
        f"{name}, {each.where.lower()}",
        ", ".join(each.represents),
        _hour(each.came_at),
        _hour(each.left_at) if each.left_at else "",
        str(each.votes),
    ]


def _motion(motion: MotionTaken) -> Iterator[Flowable]:
    yield Spacer(0, 3 * mm)
    yield Paragraph(escape(motion.title), paper.STRONG)
    yield from _text(motion.text)
    if motion.candidates:
        yield paper.note(_("Candidati: %s.") % ", ".join(motion.candidates))
    for taken in motion.votes:
        yield from _vote(taken, secret=motion.secret)


def _vote(taken: VoteTaken, *, secret: bool) -> Iterator[Flowable]:
    vote = taken.vote
    if vote.void_because:
        yield paper.note(_("Votazione senza effetto: %s.") % vote.void_because)
        return
    how = _("a voto segreto") if secret else _("a voto palese")
    ended = _("Approvata, %s.") if vote.state == "passed" else _("Non approvata, %s.")
    yield Spacer(0, 2 * mm)
    yield Paragraph(escape(ended % how), paper.BODY)
    yield paper.account([(name, str(votes)) for name, votes in vote.tally], last_is_sum=False)
    if vote.winners:
        yield paper.note(_("Risultano: %s.") % ", ".join(vote.winners))
    words = {"yes": _("Favorevoli"), "no": _("Contrari"), "abstain": _("Astenuti")}
    for choice in dict.fromkeys([*words, *(each.choice for each in taken.named)]):
        names = [_voter(each) for each in taken.named if each.choice == choice]
        if names:
            yield paper.note(f"{words.get(choice, choice)}: {', '.join(names)}.")


def _voter(each: NamedVote) -> str:
    if not each.cast_by:
        return each.name
    return _("%(name)s (delega a %(holder)s)") % {"name": each.name, "holder": each.cast_by}


def _text(text: str) -> Iterator[Flowable]:
    for line in text.splitlines():
        if line.strip():
            yield Paragraph(escape(line), paper.BODY)


def _at(at: datetime | None) -> str:
    return when(at, style="full") if at else "–"


def _hour(at: datetime) -> str:
    return f"{localtime(at):%H:%M}"
