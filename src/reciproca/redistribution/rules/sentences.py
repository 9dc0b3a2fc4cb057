"""
A policy in plain words, made from the very document that runs.

Each figure of the policy stands in one sentence and each sentence in its place, so that the words
lead back to the figures: the tests read the sentences again, in both languages, and find the same
policy.
"""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext, ngettext

from reciproca.redistribution.rules.measures import CENTS, MEASURES, points_in_words
from reciproca.redistribution.rules.policy import (
    Criterion,
    RedistributionPolicy,
    ZeroCriterion,
    share_in_words,
)
from reciproca.shared.money import format_euro_here


def policy_sentences(*, policy: RedistributionPolicy, node_names: Mapping[UUID, str]) -> list[str]:
    """Return the sentences of a policy in the reader's language; the names are of its two nodes."""
    pool, fund = node_names[policy.pool_id], node_names[policy.common_id]
    return [
        gettext("Si divide ciò che si è raccolto in “%(pool)s” e non è ancora stato diviso.")
        % {"pool": pool},
        _common(policy, fund),
        *(_criterion(each) for each in policy.criteria),
        _zero_criterion(policy, fund),
        _floor(policy),
        _cap(policy, fund),
        _minimum(policy),
        _registered(policy),
        _age(policy),
        _recency(policy),
        gettext(
            "Si conta al centesimo: i centesimi che avanzano vanno ai resti più grandi; a parità"
            " decide il nome del riparto, fissato prima di conoscere le cifre."
        ),
    ]


def _common(policy: RedistributionPolicy, fund: str) -> str:
    if not policy.common_share:
        return gettext("A “%(fund)s” non va una quota fissa: tutto va alle persone.") % {
            "fund": fund
        }
    return gettext(
        "A “%(fund)s” va questa quota del totale: %(share)s. Il resto va alle persone."
    ) % {
        "fund": fund,
        "share": share_in_words(policy.common_share),
    }


def _criterion(criterion: Criterion) -> str:
    measure = MEASURES[criterion.id]
    by = str(measure.phrase) % {
        "categories": ", ".join(f"“{each}”" for each in criterion.categories)
    }
    told = {"share": share_in_words(criterion.weight), "by": by}
    if criterion.cap is None:
        return gettext("%(share)s del resto si divide %(by)s.") % told
    in_words = format_euro_here if measure.unit == CENTS else points_in_words
    told["cap"] = in_words(criterion.cap)
    return (
        gettext("%(share)s del resto si divide %(by)s, contando al massimo %(cap)s a persona.")
        % told
    )


def _zero_criterion(policy: RedistributionPolicy, fund: str) -> str:
    if policy.zero_criterion is ZeroCriterion.REWEIGHT:
        return gettext("Se in un criterio nessuno ha niente, il suo peso passa agli altri criteri.")
    return gettext("Se in un criterio nessuno ha niente, la sua parte va a “%(fund)s”.") % {
        "fund": fund
    }


def _floor(policy: RedistributionPolicy) -> str:
    if not policy.floor_cents:
        return gettext("Non c’è un minimo garantito.")
    return gettext("Chi ha diritto a qualcosa riceve almeno %(cents)s.") % {
        "cents": format_euro_here(policy.floor_cents)
    }


def _cap(policy: RedistributionPolicy, fund: str) -> str:
    if policy.cap_cents is None:
        return gettext("Non c’è un massimo a persona.")
    return gettext(
        "Nessuno riceve più di %(cents)s; se tutti arrivano lì, ciò che avanza va a “%(fund)s”."
    ) % {"cents": format_euro_here(policy.cap_cents), "fund": fund}


def _minimum(policy: RedistributionPolicy) -> str:
    if not policy.min_payout_cents:
        return gettext("Si paga qualunque somma, anche piccola.")
    return gettext(
        "Sotto %(cents)s non si paga: la somma resta tua, si aggiunge alla prossima e si paga"
        " quando ci arriva, o tutta se lasci la comunità."
    ) % {"cents": format_euro_here(policy.min_payout_cents)}


def _registered(policy: RedistributionPolicy) -> str:
    days = policy.eligibility.registered_days
    if not days:
        return gettext(
            "Partecipa chi l’ultimo giorno del periodo è nel libro soci di una cooperativa e non"
            " è sospeso né escluso da nessuna."
        )
    return ngettext(
        "Partecipa chi l’ultimo giorno del periodo è nel libro soci di una cooperativa da almeno"
        " un giorno e non è sospeso né escluso da nessuna.",
        "Partecipa chi l’ultimo giorno del periodo è nel libro soci di una cooperativa da almeno"
        " %(days)s giorni e non è sospeso né escluso da nessuna.",
        days,
    ) % {"days": days}


def _age(policy: RedistributionPolicy) -> str:
    if not policy.eligibility.from_age:
        return gettext("L’età non conta.")
    return gettext(
        "Partecipa chi quel giorno ha compiuto %(age)s anni; vale anche per chi non ha una data di"
        " nascita nel registro."
    ) % {"age": policy.eligibility.from_age}


def _recency(policy: RedistributionPolicy) -> str:
    if not policy.recency:
        return gettext("Gli acquisti del periodo contano per intero, gli altri no.")
    steps = "; ".join(
        gettext("fino a %(days)s giorni, %(weight)s")
        % {"days": step.up_to_days, "weight": share_in_words(step.weight)}
        for step in policy.recency
    )
    return gettext(
        "Gli acquisti contano per quanto sono vecchi l’ultimo giorno del periodo: %(steps)s. I più"
        " vecchi non contano."
    ) % {"steps": steps}
