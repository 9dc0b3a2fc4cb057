"""One document, one text, one name. Source: docs/rules/policies.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.governance.rules import (
    DocumentTooLong,
    DocumentUnreadable,
    NumberNotExact,
    canonical,
    digest,
    read_document,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def test_the_worked_example_of_the_page() -> None:
    document = {"v": 1, "kind": "value-back", "title": "Prova"}

    text = canonical(document)

    assert text == '{"kind":"value-back","title":"Prova","v":1}'
    assert digest(text) == "1456cbf3096fce973e04556e7a25962082f4a0a88c69a11af57f041795ea0cb8"


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=5))
def test_the_same_document_always_has_the_same_text(document: dict[str, object]) -> None:
    text = canonical(document)

    assert canonical(read_document(text)) == text
    assert canonical(dict(reversed(document.items()))) == text


@pytest.mark.parametrize("value", [0.4, [1, 2.0], {"x": {"y": -0.0}}])
def test_a_number_with_decimals_has_no_one_way_to_be_written(value: object) -> None:
    with pytest.raises(NumberNotExact):
        canonical({"share": value})


@pytest.mark.parametrize("text", ["", "{", "[1]", '"testo"', "[" * 5_000, "NaN"])
def test_a_text_that_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(DocumentUnreadable):
        read_document(text)


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(DocumentTooLong):
        read_document('{"a":"' + "x" * 100_000 + '"}')


def test_an_integer_beyond_exact_numbers_is_refused() -> None:
    with pytest.raises(DocumentUnreadable):
        canonical({"v": 2**60})
