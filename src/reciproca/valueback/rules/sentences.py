"""
A policy in plain words, made from the very document that runs.

Nobody votes on a form: these sentences are what people read, and they hold no figure that the
rules do not use.
"""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import get_language, gettext, ngettext

from reciproca.shared.money import format_fraction
from reciproca.valueback.rules.policy import Branch, ValueBackPolicy


def policy_sentences(*, policy: ValueBackPolicy, node_names: Mapping[UUID, str]) -> list[str]:
    """
    Return the sentences of a policy in the reader's language.

    `node_names` holds the name of every fund and pool that the policy names.
    """
    return [
        gettext(
            "Da ogni acquisto pagato in denaro torna la quota che il venditore ha promesso: è il"
            " ritorno. Ciò che si paga con i crediti non ne fa nascere altro."
        ),
        gettext("Il ritorno si divide così: %(branches)s.")
        % {"branches": "; ".join(_share(branch, node_names) for branch in policy.branches)},
        _own_part(policy, node_names),
        _end(policy),
        gettext("I crediti non spesi in tempo vanno a “%(fund)s”.")
        % {"fund": node_names[policy.expired_to_id]},
        gettext(
            "Si conta riga per riga e al centesimo: il ritorno e le parti si arrotondano per"
            " difetto, e ciò che resta va alla parte “%(own)s”."
        )
        % {"own": branch_name(policy.branches[0])},
    ]


def branch_name(branch: Branch) -> str:
    """Return a branch's name in the reader's language, Italian where there is no other."""
    language = (get_language() or "it").split("-")[0]
    return branch.name.get(language, branch.name["it"])


def _share(branch: Branch, node_names: Mapping[UUID, str]) -> str:
    told = {"share": format_fraction(branch.share), "branch": branch_name(branch)}
    if branch.fund_id is None:
        return gettext("%(share)s per “%(branch)s”, la parte del socio") % told
    told["fund"] = node_names[branch.fund_id]
    return gettext("%(share)s per “%(branch)s”, nel fondo “%(fund)s”") % told


def _own_part(policy: ValueBackPolicy, node_names: Mapping[UUID, str]) -> str:
    own = branch_name(policy.branches[0])
    if policy.pool_id is None:
        return gettext(
            "La parte “%(own)s” diventa subito credito del socio, da spendere in tutte le"
            " cooperative della comunità."
        ) % {"own": own}
    return gettext(
        "La parte “%(own)s” si raccoglie in “%(pool)s”, poi si divide fra i soci con un riparto."
    ) % {"own": own, "pool": node_names[policy.pool_id]}


def _end(policy: ValueBackPolicy) -> str:
    years = policy.expires_after_years
    if years == 0:
        return gettext(
            "I crediti si possono spendere fino al 31 dicembre dell'anno in cui nascono."
        )
    return ngettext(
        "I crediti si possono spendere fino al 31 dicembre dell'anno dopo.",
        "I crediti si possono spendere fino al 31 dicembre di %(years)s anni dopo.",
        years,
    ) % {"years": years}
