"""A policy is its document, and what voters read leads back to what runs."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given

from reciproca.governance.rules import canonical, read_document
from reciproca.redistribution.rules import (
    Criterion,
    Eligibility,
    RedistributionPolicy,
    Step,
    ZeroCriterion,
)
from reciproca.redistribution.rules import policy as refusals
from reciproca.redistribution.rules.sentences import policy_sentences
from reciproca.redistribution.tests.policies import CRITERIA, NAMES, policies, policy
from reciproca.shared.errors import DomainError

WHOLE = policy(
    Criterion("patronage", Fraction(3, 5)),
    Criterion("km0", Fraction(1, 4), 30_000, ("km0", "orto di comunità")),
    Criterion("social", Fraction(3, 20)),
    common_share=Fraction(1, 5),
    zero_criterion=ZeroCriterion.TO_COMMON,
    floor_cents=200,
    cap_cents=60_000,
    min_payout_cents=210,
    eligibility=Eligibility(90, 18),
    recency=(Step(90, Fraction(1)), Step(180, Fraction(3, 4)), Step(365, Fraction(1, 2))),
)


@given(policies())
def test_a_policy_comes_back_from_its_canonical_text(written: RedistributionPolicy) -> None:
    text = canonical(written.as_document())

    assert RedistributionPolicy.from_document(read_document(text)) == written


def test_it_reads_aloud_in_italian() -> None:
    with override("it"):
        assert policy_sentences(policy=WHOLE, node_names=NAMES) == [
            "Si divide ciò che si è raccolto in “Monte dei soci” e non è ancora stato diviso.",
            "A “Fondo comune” va questa quota del totale: 20%. Il resto va alle persone.",
            "60% del resto si divide in proporzione a quanto ciascuno ha comprato, tolti i resi.",
            "25% del resto si divide in proporzione a quanto ciascuno ha comprato di “km0”, “orto"
            " di comunità”, tolti i resi, contando al massimo 300,00\u00a0€ a persona.",
            "15% del resto si divide in proporzione a quanto ciascuno ha comprato dalle cooperative"
            " sociali, tolti i resi.",
            "Se in un criterio nessuno ha niente, la sua parte va a “Fondo comune”.",
            "Chi ha diritto a qualcosa riceve almeno 2,00\u00a0€.",
            "Nessuno riceve più di 600,00\u00a0€; se tutti arrivano lì, ciò che avanza va a “Fondo"
            " comune”.",
            "Sotto 2,10\u00a0€ non si paga: la somma resta tua, si aggiunge alla prossima e si paga"
            " quando ci arriva, o tutta se lasci la comunità.",
            "Partecipa chi l’ultimo giorno del periodo è nel libro soci di una cooperativa da"
            " almeno 90 giorni e non è sospeso né escluso da nessuna.",
            "Partecipa chi quel giorno ha compiuto 18 anni; vale anche per chi non ha una data di"
            " nascita nel registro.",
            "Gli acquisti contano per quanto sono vecchi l’ultimo giorno del periodo: fino a 90"
            " giorni, 100%; fino a 180 giorni, 75%; fino a 365 giorni, 50%. I più vecchi non"
            " contano.",
            "Si conta al centesimo: i centesimi che avanzano vanno ai resti più grandi; a parità"
            " decide il nome del riparto, fissato prima di conoscere le cifre.",
        ]


# --- back from the words to the figures ---


def share(text: str) -> Fraction:
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def cents(text: str) -> int:
    return int(re.sub(r"\D", "", text))


SHARE = r"(\d+%|\d+/\d+)"
MONEY = r"(€?[\d.,]+(?:\u00a0€| punt[io]| points?)?)"
WORDS: dict[str, dict[str, str]] = {
    "it": {
        "common": rf"A “Fondo comune” va questa quota del totale: {SHARE}\. Il resto",
        "criterion": rf"^{SHARE} del resto si divide (.+?)"
        rf"(?:, contando al massimo {MONEY} a persona)?\.$",
        "patronage": "ha comprato, tolti",
        "km0": "ha comprato di “",
        "social": "dalle cooperative sociali",
        "participation": "punti di partecipazione",
        "distance": "punti di distanza",
        "need": "punti di bisogno",
        "fragility": "punti di fragilità",
        "to_common": "la sua parte va a “Fondo comune”",
        "reweight": "il suo peso passa agli altri criteri",
        "floor": rf"riceve almeno {MONEY}\.",
        "cap": rf"Nessuno riceve più di {MONEY}; se tutti",
        "minimum": rf"Sotto {MONEY} non si paga",
        "days": r"da almeno (\d+|un) giorn",
        "age": r"ha compiuto (\d+) anni",
        "step": rf"fino a (\d+) giorni, {SHARE}",
    },
    "en": {
        "common": rf"This share of the whole goes to “Fondo comune”: {SHARE}\. The rest",
        "criterion": rf"^{SHARE} of the rest is divided (.+?)"
        rf"(?:, counting at most {MONEY} a person)?\.$",
        "patronage": "bought, less returns",
        "km0": "bought of “",
        "social": "from social cooperatives",
        "participation": "points of participation",
        "distance": "points of distance",
        "need": "points of need",
        "fragility": "points of fragility",
        "to_common": "its part goes to “Fondo comune”",
        "reweight": "its weight passes to the other criteria",
        "floor": rf"receives at least {MONEY}\.",
        "cap": rf"Nobody receives more than {MONEY}; if all",
        "minimum": rf"Below {MONEY} nothing is paid",
        "days": r"for at least (\d+|one) day",
        "age": r"reached the age of (\d+)",
        "step": rf"up to (\d+) days, {SHARE}",
    },
}


def read_back(sentences: list[str], words: dict[str, str]) -> dict[str, Any]:
    """Return the figures that the sentences say; what they do not say is not there."""
    text = "\n".join(sentences)

    def found(name: str, read: Callable[[str], Any], otherwise: Any) -> Any:
        match = re.search(words[name], text)
        return read(match[1]) if match else otherwise

    return {
        "common_share": found("common", share, Fraction()),
        "criteria": [
            (
                next(each for each in CRITERIA if words[each] in match[2] + ","),
                share(match[1]),
                cents(match[3]) if match[3] else None,
                tuple(re.findall(r"“([^”]+)”", match[2])),
            )
            for sentence in sentences
            if (match := re.match(words["criterion"], sentence))
        ],
        "zero_criterion": next(z for z in ZeroCriterion if words[z.value] in text),
        "floor_cents": found("floor", cents, 0),
        "cap_cents": found("cap", cents, None),
        "min_payout_cents": found("minimum", cents, 0),
        "registered_days": found("days", lambda text: 1 if text in ("un", "one") else int(text), 0),
        "from_age": found("age", int, 0),
        "recency": [(int(day), share(weight)) for day, weight in re.findall(words["step"], text)],
    }


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_words_lead_back_to_the_figures(language: str) -> None:
    @given(policies())
    def every_policy(written: RedistributionPolicy) -> None:
        with override(language):
            said = policy_sentences(policy=written, node_names=NAMES)
        assert read_back(said, WORDS[language]) == {
            "common_share": written.common_share,
            "criteria": [(c.id, c.weight, c.cap, c.categories) for c in written.criteria],
            "zero_criterion": written.zero_criterion,
            "floor_cents": written.floor_cents,
            "cap_cents": written.cap_cents,
            "min_payout_cents": written.min_payout_cents,
            "registered_days": written.eligibility.registered_days,
            "from_age": written.eligibility.from_age,
            "recency": [(step.up_to_days, step.weight) for step in written.recency],
        }

    every_policy()


# --- refusals ---

PATRONAGE: dict[str, object] = {"id": "patronage", "weight": "1", "cap": None, "categories": []}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"kind": "value-back"}, refusals.PolicyKindUnknown),
        ({"v": 2}, refusals.PolicyKindUnknown),
        ({"title": " "}, refusals.PolicyRefused),
        ({"pool": "x"}, refusals.PolicyRefused),
        ({"common_share": "3/2"}, refusals.PolicyRefused),
        ({"common_share": "2/4"}, refusals.PolicyNotPlain),
        ({"criteria": []}, refusals.WeightsRefused),
        ({"criteria": [PATRONAGE | {"weight": "1/2"}]}, refusals.WeightsRefused),
        ({"criteria": [PATRONAGE | {"weight": "1/2"}] * 2}, refusals.CriterionTwice),
        ({"criteria": [PATRONAGE | {"id": "hours"}]}, refusals.CriterionUnknown),
        ({"criteria": [PATRONAGE | {"id": "km0"}]}, refusals.CategoriesMissing),
        ({"criteria": [PATRONAGE | {"categories": ["km0"]}]}, refusals.PolicyNotPlain),
        ({"criteria": [PATRONAGE | {"cap": 0}]}, refusals.PolicyRefused),
        ({"criteria": [PATRONAGE | {"bonus": "2"}]}, refusals.PolicyNotPlain),
        ({"criteria": ["patronage"]}, refusals.PolicyRefused),
        ({"zero_criterion": "burn"}, refusals.PolicyRefused),
        ({"floor_cents": -1}, refusals.PolicyRefused),
        ({"floor_cents": 500, "cap_cents": 400}, refusals.FloorAboveCap),
        ({"min_payout_cents": True}, refusals.PolicyRefused),
        ({"eligibility": {"registered_days": 90}}, refusals.PolicyRefused),
        ({"recency": [{"up_to_days": 90, "weight": "1/20000"}]}, refusals.PolicyRefused),
        ({"recency": [{"up_to_days": 90, "weight": "1"}] * 2}, refusals.StepsRefused),
        (
            {
                "recency": [
                    {"up_to_days": 30, "weight": "1/2"},
                    {"up_to_days": 90, "weight": "1"},
                ]
            },
            refusals.StepsRefused,
        ),
        ({"note": "to my friends first"}, refusals.PolicyNotPlain),
        ({"v": True}, refusals.PolicyNotPlain),
    ],
)
def test_a_document_that_says_too_little_or_too_much_is_refused(
    changes: dict[str, object], refusal: type[DomainError]
) -> None:
    with pytest.raises(DomainError) as refused:
        RedistributionPolicy.from_document(policy().as_document() | changes)

    assert type(refused.value) is refusal
