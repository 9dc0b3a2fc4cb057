"""Why a part of a redistribution is what it is, in a person's words: for the page and the PDF."""

from fractions import Fraction

from django.utils.translation import gettext as _

from reciproca.redistribution.queries import OwnPart
from reciproca.redistribution.rules.measures import CENTS, MEASURES, points_in_words
from reciproca.redistribution.rules.why import CriterionPart
from reciproca.shared.money import half_up
from reciproca.web.words import euro, exact_euro, percent


def criterion_sentence(part: CriterionPart) -> str:
    """Return what a person did on a criterion, which part of everybody's it is, what it gives."""
    measure = MEASURES[part.criterion.id]
    done = str(measure.amount) % {"amount": _amount(part.score, measure.unit)}
    if part.capped:
        done += ", " + _("e contano %(amount)s") % {"amount": _amount(part.counted, measure.unit)}
    told = {
        "done": done,
        "of_all": percent(part.of_all),
        "total": _amount(part.total, measure.unit),
        "weight": percent(part.weight),
        "share": percent(part.share),
    }
    if not part.total:
        return _("%(done)s. In questo criterio nessuno ha niente.") % told
    return (
        _(
            "%(done)s: il %(of_all)s dei %(total)s di tutti. Il criterio pesa %(weight)s e ti dà"
            " il %(share)s."
        )
        % told
    )


def facts(part: OwnPart) -> list[tuple[str, str]]:
    """Return the account of a part, from the share to what is paid."""
    line, why = part.line, part.why
    if line is None or why is None:
        return []
    rows = [
        (_("La tua quota in tutto"), percent(why.share)),
        (_("Alle persone vanno"), euro(part.run.individual_cents)),
        (_("La tua parte prima di arrotondare"), _nearly(_exact(part))),
        (_("Arrotondata al centesimo"), euro(line.allocated_cents)),
    ]
    if line.before_cents:
        rows.append((_("Prima della correzione era"), euro(line.before_cents)))
    if line.carried_cents:
        rows.append((_("Era da parte dalle altre volte"), euro(line.carried_cents)))
    if line.carry_out_cents:
        rows.append((_("Resta da parte per la prossima"), euro(line.carry_out_cents)))
    return [*rows, (_("Va sul tuo credito"), euro(line.paid_cents))]


def notes(part: OwnPart) -> list[str]:
    """Return what moved a part away from its share: a bound, other people's bounds, a cent."""
    line, why = part.line, part.why
    if line is None or why is None:
        return []
    found = []
    if line.bound == "upper":
        found.append(_("Sei al massimo a persona: la tua quota darebbe di più."))
    elif line.bound == "lower":
        found.append(_("Sei al minimo garantito: la tua quota darebbe di meno."))
    elif why.scale_cents != part.run.individual_cents:
        found.append(
            _(
                "Altri sono al minimo o al massimo: per chi non lo è, una quota intera vale"
                " %(scale)s."
            )
            % {"scale": euro(half_up(why.scale_cents))}
        )
    if line.rounded_up:
        found.append(_("Uno dei centesimi che avanzavano è andato a te."))
    else:
        found.append(_("Nessuno dei centesimi che avanzavano è andato a te."))
    return found


def _exact(part: OwnPart) -> Fraction:
    assert part.line is not None
    assert part.why is not None
    assert part.policy is not None
    bounds = {"upper": part.policy.cap_cents, "lower": part.policy.floor_cents}
    bound = bounds.get(part.line.bound)
    return part.why.exact_cents if bound is None else Fraction(bound)


def _nearly(cents: Fraction) -> str:
    """Return an amount to a hundredth of a cent, and a mark where its decimals go on."""
    hundredths = cents * 100
    shown = exact_euro(Fraction(int(hundredths), 100))
    return shown if hundredths.denominator == 1 else f"{shown}…"


def _amount(score: Fraction, unit: str) -> str:
    return euro(half_up(score)) if unit == CENTS else points_in_words(half_up(score))
