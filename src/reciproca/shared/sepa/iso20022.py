"""The ISO 20022 message pain.001.001.09, by `sepaxml`."""

from datetime import datetime
from xml.etree import ElementTree as ET

from sepaxml import SepaTransfer

from reciproca.shared.sepa.files import CreditTransferFile, Party

SCHEMA = "pain.001.001.09"
_NS = f"{{urn:iso:std:iso:20022:tech:xsd:{SCHEMA}}}"


def pain_001_001_09(file: CreditTransferFile, created_at: datetime) -> bytes:
    """Return the message: one group header, one payment information, all transfers."""
    message = SepaTransfer(
        {**_config(file.debtor), "currency": "EUR", "batch": True}, schema=SCHEMA, clean=False
    )
    for transfer in file.transfers:
        message.add_payment(
            {
                **_config(transfer.creditor),
                "amount": transfer.amount_cents,
                "description": transfer.remittance,
                "endtoend_id": transfer.end_to_end_id,
                "execution_date": file.execution_on,
            }
        )
    # What is read here was written on the line itself: nothing of a stranger's comes in.
    root = ET.fromstring(message.export(validate=False))  # noqa: S314
    _name_the_message(root, file, created_at)
    _say_when_bic_is_not_given(root)
    body: bytes = ET.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _config(party: Party) -> dict[str, object]:
    config: dict[str, object] = {"name": party.name, "IBAN": party.iban}
    if party.bic:
        config["BIC"] = party.bic
    if party.town:
        config["address"] = {"town": party.town, "country": party.country}
    return config


def _name_the_message(root: ET.Element, file: CreditTransferFile, created_at: datetime) -> None:
    """Put our own names and instant where the library puts random ones and the clock's."""
    names = {
        "MsgId": file.message_id,
        "PmtInfId": file.message_id,
        "CreDtTm": created_at.isoformat(timespec="seconds"),
    }
    for tag, text in names.items():
        for element in root.iter(_NS + tag):
            element.text = text


def _say_when_bic_is_not_given(root: ET.Element) -> None:
    """Write NOTPROVIDED, as the European rulebook asks, where an agent would be an empty tag."""
    for institution in root.iter(_NS + "FinInstnId"):
        if len(institution) == 0:
            other = ET.SubElement(institution, _NS + "Othr")
            ET.SubElement(other, _NS + "Id").text = "NOTPROVIDED"
