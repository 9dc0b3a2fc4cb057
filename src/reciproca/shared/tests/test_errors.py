"""A refusal is a code for machines and a sentence for people."""

import pickle
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


class ShelfEmpty(DomainError):
    code = "shelf-empty"
    message = _("Restano %(left)s pezzi.")
    status: ClassVar[int] = 422


class AllTaken(DomainError):
    code = "all-taken"
    message = "Preso il 100%."


def test_a_refusal_says_its_figures() -> None:
    refusal = ShelfEmpty(left=3)

    assert str(refusal) == "Restano 3 pezzi."
    assert refusal.as_dict() == {"code": "shelf-empty", "message": "Restano 3 pezzi."}
    assert refusal.status == 422


def test_a_sentence_without_figures_may_hold_a_percent_sign() -> None:
    assert str(AllTaken()) == "Preso il 100%."
    assert AllTaken.status == 409


def test_a_refusal_survives_the_way_to_another_process() -> None:
    again = pickle.loads(pickle.dumps(ShelfEmpty(left=2)))

    assert str(again) == "Restano 2 pezzi."
