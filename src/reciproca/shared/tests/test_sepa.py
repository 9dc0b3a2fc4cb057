"""Bank files: one for each debtor, sums right, nothing in them that a bank would refuse."""

from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sepaxml.validation import try_valid_xml

from reciproca.shared.identifiers import IdentifierRefused
from reciproca.shared.sepa import (
    DIALECTS,
    AccountMissing,
    CreditTransferFile,
    DialectUnknown,
    Party,
    Payment,
    PaymentRefused,
    bounded_id,
    credit_transfer_files,
    latin,
    write_file,
)

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
PARTIES = {
    "coopA": Party("coopA", "Cooperativa “È così” & Figli", "IT60X0542811101000000123456", "Fié"),
    "coopB": Party("coopB", "Latte della valle", "IT56 M030 6901 6261 0000 0000 042"),
    "coopC": Party("coopC", "Bosco", "IT06X0832703399000000007777", bic="UNCRITMM"),
}
IDS = sorted(PARTIES)


def files_of(
    *payments: tuple[str, str, int], batch: str = "SETT-2026-09"
) -> list[CreditTransferFile]:
    return credit_transfer_files(
        payments=[Payment(*payment) for payment in payments],
        parties=PARTIES,
        batch="SETT-2026-09",
        execution_on=date(2026, 10, 5),
    )


def written(file: CreditTransferFile) -> ET.Element:
    return ET.fromstring(write_file(file=file, created_at=NOON))


def test_a_file_is_named_by_its_transfers_so_that_none_is_taken_for_another() -> None:
    both = ("coopA", "coopB", 1_200), ("coopA", "coopC", 250)
    [first], [again], [rest] = files_of(*both), files_of(*both), files_of(both[1])

    assert first.message_id == again.message_id != rest.message_id
    assert max(len(first.message_id), len(rest.message_id)) <= 35
    assert first.message_id.startswith("SETT-2026-09-coopA-")


def test_each_debtor_has_one_file_at_its_own_bank() -> None:
    first, second = files_of(("coopB", "coopC", 1_200), ("coopA", "coopC", 250))

    assert [first.debtor.id, second.debtor.id] == ["coopA", "coopB"]
    assert first.control_sum_cents == 250
    assert second.transfers[0].end_to_end_id == "SETT-2026-09-coopB-coopC"
    assert second.debtor.iban == "IT56M0306901626100000000042"


def test_the_file_says_who_how_much_and_when() -> None:
    [file] = files_of(("coopA", "coopC", 250), ("coopA", "coopB", 123_456))

    order = written(file).find("p:CstmrCdtTrfInitn/p:PmtInf", NS)

    assert order is not None
    assert order.findtext("p:NbOfTxs", "", NS) == "2"
    assert order.findtext("p:CtrlSum", "", NS) == "1237.06"
    assert order.findtext("p:ReqdExctnDt/p:Dt", "", NS) == "2026-10-05"
    assert order.findtext("p:Dbtr/p:Nm", "", NS) == "Cooperativa E cosi + Figli"
    assert order.findtext("p:Dbtr/p:PstlAdr/p:TwnNm", "", NS) == "Fie"
    assert order.findtext("p:Dbtr/p:PstlAdr/p:Ctry", "", NS) == "IT"
    agents = [each.text for each in order.iter(f"{{{NS['p']}}}BICFI")]
    assert agents == ["UNCRITMM"]


def test_the_same_file_of_the_same_instant_is_the_same_bytes() -> None:
    [file] = files_of(("coopA", "coopC", 250))

    assert write_file(file=file, created_at=NOON) == write_file(file=file, created_at=NOON)


def test_the_same_pair_twice_gets_two_ids() -> None:
    [file] = files_of(("coopA", "coopC", 1), ("coopA", "coopC", 1))

    ids = [transfer.end_to_end_id for transfer in file.transfers]
    assert ids == ["SETT-2026-09-coopA-coopC", "SETT-2026-09-coopA-coopC-2"]


def test_a_party_without_an_account_is_named() -> None:
    nobody = {**PARTIES, "coopC": Party("coopC", "Bosco", "  ")}

    with pytest.raises(AccountMissing, match="Bosco"):
        credit_transfer_files(
            payments=[Payment("coopA", "coopC", 1)],
            parties=nobody,
            batch="B",
            execution_on=date(2026, 10, 5),
        )


def test_an_iban_with_a_wrong_digit_is_refused() -> None:
    wrong = {**PARTIES, "coopC": Party("coopC", "Bosco", "IT06X0832703399000000007778")}

    with pytest.raises(IdentifierRefused, match="IBAN"):
        credit_transfer_files(
            payments=[Payment("coopA", "coopC", 1)],
            parties=wrong,
            batch="B",
            execution_on=date(2026, 10, 5),
        )


@pytest.mark.parametrize(
    "payment", [("coopA", "coopC", 0), ("coopA", "coopC", -5), ("coopA", "coopA", 5)]
)
def test_what_is_no_payment_is_refused(payment: tuple[str, str, int]) -> None:
    with pytest.raises(PaymentRefused, match="Cooperativa"):
        files_of(payment)


def test_a_format_that_is_not_there_is_refused_with_those_that_are() -> None:
    [file] = files_of(("coopA", "coopC", 250))

    with pytest.raises(DialectUnknown, match=r"pain\.001\.001\.09"):
        write_file(file=file, created_at=NOON, dialect="CBI")


def test_a_bank_can_have_a_format_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    [file] = files_of(("coopA", "coopC", 250))
    monkeypatch.setitem(DIALECTS, "CBI", lambda file, _at: file.debtor.name.encode())

    assert write_file(file=file, created_at=NOON, dialect="CBI") == file.debtor.name.encode()


@given(
    payments=st.lists(
        st.tuples(st.sampled_from(IDS), st.sampled_from(IDS), st.integers(1, 10**9)).filter(
            lambda payment: payment[0] != payment[1]
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=40)
def test_control_sums_are_plain_sums(payments: list[tuple[str, str, int]]) -> None:
    total = 0
    for file in files_of(*payments):
        root = written(file)
        amounts = [Decimal(each.text or "") for each in root.iter(f"{{{NS['p']}}}InstdAmt")]
        sums = {Decimal(each.text or "") for each in root.iter(f"{{{NS['p']}}}CtrlSum")}
        counts = {int(each.text or "") for each in root.iter(f"{{{NS['p']}}}NbOfTxs")}
        assert sums == {sum(amounts)}
        assert counts == {len(amounts)}
        total += int(sum(amounts) * 100)
    assert total == sum(cents for _, _, cents in payments)


@given(name=st.text(max_size=90), town=st.text(max_size=50), words=st.text(max_size=200))
@settings(max_examples=25)
def test_whatever_people_write_the_file_is_valid(name: str, town: str, words: str) -> None:
    parties = {**PARTIES, "x": Party("x", name, "IT06X0832703399000000007777", town)}

    [file] = credit_transfer_files(
        payments=[Payment("x", "coopA", 5, words), Payment("x", "coopB", 7, words)],
        parties=parties,
        batch=words,
        execution_on=date(2026, 10, 5),
    )

    try_valid_xml(write_file(file=file, created_at=NOON), "pain.001.001.09")


@given(text=st.text(max_size=80))
def test_identifiers_are_bounded_and_always_the_same(text: str) -> None:
    assert 0 < len(bounded_id(text)) <= 35
    assert bounded_id(text) == bounded_id(text)
    assert latin(bounded_id(text), most=35) == bounded_id(text)


def test_long_identifiers_that_begin_alike_stay_apart() -> None:
    long = "SETT-2026-09-" + "a" * 40

    assert bounded_id(long + "1") != bounded_id(long + "2")
    assert bounded_id("SETT-è") != bounded_id("SETT-e")
