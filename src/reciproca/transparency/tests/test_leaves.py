import json
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from reciproca.transparency.rules import leaves

FACT = UUID("01920000-0000-7000-8000-000000000001")

Texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
Values = st.recursive(
    Texts | st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(Texts, inner, max_size=4),
    max_leaves=12,
)


def test_an_entry_is_34_bytes_that_its_salt_and_payload_make_again() -> None:
    leaf = leaves.leaf(kind="T", id=FACT, content={"member_cents": 100})

    (first,), (second,) = leaves.opened([leaf]), leaves.opened([leaf])

    assert len(first.entry) == leaves.ENTRY_BYTES
    assert first.entry[:2] == b"\x01T"
    assert first.entry == leaves.entry(kind="T", salt=first.salt, payload=leaf.payload)
    assert first.entry != second.entry, "two salts were alike"


def test_the_salts_of_a_batch_are_as_many_as_its_leaves() -> None:
    leaf = leaves.leaf(kind="T", id=FACT, content={})

    salts = {each.salt for each in leaves.opened([leaf] * 500)}

    assert len(salts) == 500
    assert {len(salt) for salt in salts} == {leaves.SALT_BYTES}


def test_names_are_sorted_by_their_utf_16_code_units() -> None:
    # As text U+FB33 comes before U+1F600; in UTF-16 the latter begins with D83D.
    names = ["\ufb33", "\U0001f600", "\u20ac", "\r", "1", "\u0080", "\u00f6"]

    written = leaves.canonical(dict.fromkeys(names, 0)).decode()

    assert list(json.loads(written)) == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]
    assert written.startswith('{"\\r":0,"1":0,')


@given(Values)
def test_a_payload_is_read_back_as_it_was_and_written_again_the_same(value: object) -> None:
    written = leaves.canonical(value)

    assert json.loads(written) == value
    assert leaves.canonical(json.loads(written)) == written == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [0.5, [1.0], {"cents": {"in": 0.1}}, 2**53, "\ud800"])
def test_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        leaves.canonical(value)
