"""Worked examples of the rules that every room shares: bank files and identifiers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from reciproca.shared.identifiers import CLEANERS, is_identifier
from reciproca.shared.sepa import Party, Payment, credit_transfer_files, write_file
from reciproca.shared.worked_examples import Adapter, Part

_NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
_ANY_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


def sepa_batch(given: Part) -> object:
    """Write the bank files of a batch and read back what they say."""
    parties = {
        name: Party(id=name, name=name, iban=iban.text())
        for name, iban in given.at("accounts").fields().items()
    }
    files = credit_transfer_files(
        payments=[_payment(each) for each in given.at("payments").each()],
        parties=parties,
        batch=given.at("batch").text(),
        execution_on=given.at("execution_date").day(),
    )
    return {
        "files": [
            {"debtor": file.debtor.id, **_read(write_file(file=file, created_at=_ANY_INSTANT))}
            for file in files
        ]
    }


def wrong_identifiers(rows: list[dict[str, str]]) -> Iterator[tuple[int, dict[str, str], bool]]:
    """Yield (line number, row, what we say) for each row whose `valid` we would not say."""
    for number, row in enumerate(rows, start=2):
        if row["kind"] in CLEANERS:
            sound = is_identifier(kind=row["kind"], value=row["value"])
            if sound != (row["valid"].strip().lower() == "true"):
                yield number, row, sound


def _payment(given: Part) -> Payment:
    debtor, creditor, cents = given.each(count=3)
    return Payment(debtor.text(), creditor.text(), cents.whole())


def _read(written: bytes) -> dict[str, object]:
    # Only bytes that the line before wrote are ever read here.
    order = ET.fromstring(written).find("p:CstmrCdtTrfInitn/p:PmtInf", _NS)  # noqa: S314
    assert order is not None
    return {
        "debtor_iban": order.findtext("p:DbtrAcct/p:Id/p:IBAN", "", _NS),
        "NbOfTxs": int(order.findtext("p:NbOfTxs", "0", _NS)),
        "CtrlSum": order.findtext("p:CtrlSum", "", _NS),
        "transactions": [
            {
                "EndToEndId": transfer.findtext("p:PmtId/p:EndToEndId", "", _NS),
                "InstdAmt": transfer.findtext("p:Amt/p:InstdAmt", "", _NS),
                "creditor_iban": transfer.findtext("p:CdtrAcct/p:Id/p:IBAN", "", _NS),
            }
            for transfer in order.findall("p:CdtTrfTxInf", _NS)
        ],
    }


ADAPTERS = {"sepa_credit_transfer_batch": Adapter(sepa_batch)}
