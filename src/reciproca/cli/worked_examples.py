"""Running worked examples through the rules of the rooms."""

import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies import examples as assemblies
from reciproca.ballots import examples as ballots
from reciproca.clearing import examples as clearing
from reciproca.joint_buying import examples as joint_buying
from reciproca.market import examples as market
from reciproca.purchases import examples as purchases
from reciproca.redistribution import examples as redistribution
from reciproca.refunds import examples as refunds
from reciproca.shared import examples as shared
from reciproca.shared.errors import DomainError
from reciproca.shared.identifiers import CLEANERS
from reciproca.shared.worked_examples import Adapter, Part, differences
from reciproca.transparency import examples as transparency
from reciproca.valueback import examples as valueback

ADAPTERS: dict[str, Adapter] = {
    kind: adapter
    for room in (
        shared,
        transparency,
        ballots,
        assemblies,
        valueback,
        purchases,
        refunds,
        joint_buying,
        redistribution,
        clearing,
        market,
    )
    for kind, adapter in room.ADAPTERS.items()
}

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown kind"
IDENTIFIERS = "identifiers"
_MOST_BYTES = 50_000_000
_MOST_DIFFERENCES = 20
_COLUMNS = {"kind", "value", "valid"}


class FileUnreadable(DomainError):
    code = "file-unreadable"
    message = _("Il file non si apre (%(trouble)s): controlla il percorso e i permessi.")


class FileTooLarge(DomainError):
    code = "file-too-large"
    message = _("Il file supera i 50 MB: un esempio è molto più piccolo.")


class NotAnExample(DomainError):
    code = "not-an-example"
    message = _(
        "Il file non è un esempio: ci vuole un oggetto JSON con i campi kind, input ed expected,"
        " oppure un CSV con le colonne kind, value e valid. %(trouble)s"
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one file; `difference` is empty unless it failed."""

    file: str
    kind: str | None
    result: str
    difference: str = ""
    not_checked: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """Return the answer on one line, for people."""
        told = f"{self.file}: {self.result}"
        if self.difference:
            told += f": {self.difference}"
        if self.not_checked:
            told += " " + gettext("(non controllati: %s)") % ", ".join(self.not_checked)
        return told


def check_file(path: Path) -> Checked:
    """Return what became of a worked example; whatever is in the file, there is an answer."""
    kind = None
    try:
        text = read_text(path)
        if path.suffix.lower() == ".csv":
            kind = IDENTIFIERS
            return _check_identifiers(path, text)
        example = _example(text)
        kind = example.at("kind").text()
        return _check_example(path, kind, example)
    except DomainError as refusal:
        return Checked(str(path), kind, FAIL, str(refusal))


def _check_example(path: Path, kind: str, example: Part) -> Checked:
    adapter = ADAPTERS.get(kind)
    if adapter is None:
        return Checked(str(path), kind, UNKNOWN)
    if runs := example.get("runs"):
        each = [_differences(adapter, run, f"{run.where}.") for run in runs.each()]
    else:
        each = [_differences(adapter, example, "")]
    found = [sentence for sentences, _later in each for sentence in sentences]
    later = dict.fromkeys(name for _sentences, names in each for name in names)
    return Checked(str(path), kind, FAIL if found else PASS, _shortened(found), [*later])


def _differences(adapter: Adapter, case: Part, where: str) -> tuple[list[str], list[str]]:
    """Return what came out otherwise than a case expects, and what no rule computes yet."""
    given, expected, later = case.at("input"), case.at("expected").value, list[str]()
    if isinstance(expected, dict):
        later = [name for name in expected if name in adapter.later]
        expected = {name: figure for name, figure in expected.items() if name not in later}
    computed = adapter.compute(Part(given.value, f"{where}input"))
    return [where + each for each in differences(expected=expected, computed=computed)], later


def _check_identifiers(path: Path, text: str) -> Checked:
    try:
        rows = list(csv.DictReader(io.StringIO(text), restval=""))
    except csv.Error as trouble:
        raise NotAnExample(trouble=f"({trouble})") from trouble
    if not rows or not rows[0].keys() >= _COLUMNS:
        raise NotAnExample(trouble="")
    kinds = {row["kind"] for row in rows}
    strange = sorted(kinds - CLEANERS.keys())
    if len(strange) == len(kinds):
        return Checked(str(path), IDENTIFIERS, UNKNOWN, not_checked=strange)
    sentence = gettext(
        "riga %(number)s, %(kind)s %(value)s: nel file %(valid)s, calcolato %(sound)s"
    )
    found = [
        sentence % {**row, "number": number, "sound": str(sound).lower()}
        for number, row, sound in shared.wrong_identifiers(rows)
    ]
    return Checked(str(path), IDENTIFIERS, FAIL if found else PASS, _shortened(found), strange)


def read_text(path: Path) -> str:
    """Return what is in a file of text. Raises: FileUnreadable, FileTooLarge, NotAnExample."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise FileTooLarge
        return path.read_text(encoding="utf-8-sig")
    except OSError as trouble:
        raise FileUnreadable(trouble=trouble.strerror or trouble) from trouble
    except UnicodeDecodeError as trouble:
        raise NotAnExample(trouble="(UTF-8)") from trouble


def _example(text: str) -> Part:
    try:
        read = json.loads(text)
        # A text of half a character can be read but never be shown: found out here, once for all.
        json.dumps(read, ensure_ascii=False).encode()
        return Part(read, "file")
    # Too deep a nesting and too long a number are refused by the parser in ways of their own.
    except (ValueError, RecursionError) as trouble:
        raise NotAnExample(trouble=f"({trouble})") from trouble


def _shortened(found: list[str]) -> str:
    more = len(found) - _MOST_DIFFERENCES
    told = found[:_MOST_DIFFERENCES]
    if more > 0:
        told.append(gettext("e altre %(more)s differenze") % {"more": more})
    return "; ".join(told)
