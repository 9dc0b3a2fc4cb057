"""`reciproca import`: purchases, cooperatives, members, products and price lists out of files."""

import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproca.cli.bar import Bar
from reciproca.cli.house import open_house
from reciproca.cli.output import answer, json_option

if TYPE_CHECKING:
    from uuid import UUID

    from reciproca.imports.mapping import Mapping
    from reciproca.imports.models import Import

STEPS = {
    "fingerprint": gettext_lazy("Si guarda il file"),
    "reading": gettext_lazy("Si leggono le righe"),
    "checking": gettext_lazy("Si confronta con ciò che si sa"),
    "recording": gettext_lazy("Si registra"),
}
KINDS = ("purchases", "cooperatives", "members", "products", "pricelist")
FIRST_DUPLICATES = 50
an_existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Bring files in: CSV (also .csv.gz) of any size, XLSX up to 50 MB, GDXP up to 20 MB."""


def _add(kind: str) -> None:
    @command.command(kind, help=f"Import {kind} from FILE; without --mapping by its header.")
    @click.argument("file", type=an_existing_file)
    @click.option("--mapping", type=an_existing_file, help="What the columns mean, in TOML.")
    @click.option(
        "--accept-good-rows", is_flag=True, help="Take the good rows even if others are refused."
    )
    @json_option
    def import_file(file: Path, mapping: Path | None, accept_good_rows: bool) -> None:
        began = time.monotonic()
        open_house(migrate=True)
        with Bar(titles=STEPS) as bar:
            done = _run(kind, file, mapping, accept_good_rows, bar)
        result = _result(done, seconds=time.monotonic() - began)
        answer(result, lines=_lines(done, result))


for _kind in KINDS:
    _add(_kind)


@command.command("undo")
@click.argument("import_id", type=click.UUID)
@click.option("--reason", required=True, help="Why; it stays beside every contrary movement.")
@json_option
def undo(import_id: "UUID", reason: str) -> None:
    """Undo all that an import brought in, by contrary movements."""
    open_house()
    from django.utils import timezone

    from reciproca.cli.output import refuse
    from reciproca.imports import actions, queries
    from reciproca.web.importing.readers import READERS
    from reciproca.web.words import count

    found = queries.find_import(import_id=import_id)
    if found is None:
        refuse(code="import-unknown", message=_("Non c’è nessuna importazione %s.") % import_id)
    undone = actions.undo_import(
        import_id=import_id,
        reader=READERS[found.kind],
        reason=reason,
        undone_by=None,
        undone_at=timezone.now(),
    )
    answer(
        {"ok": True, "import_id": str(undone.pk), "state": undone.state},
        lines=[
            _("Annullata: %(file)s, righe: %(rows)s.")
            % {"file": undone.file_name, "rows": count(undone.accepted_count)}
        ],
    )


def _run(kind: str, file: Path, mapping_file: Path | None, good_rows: bool, bar: Bar) -> "Import":
    """Read the file and record it, or go on with the same file where it was stopped."""
    from django.utils import timezone

    from reciproca.imports import actions, queries
    from reciproca.imports.files.opening import fingerprint
    from reciproca.imports.models import State
    from reciproca.imports.refusals import RowsRefused
    from reciproca.web.importing.readers import READERS

    mapping, reader = _mapping(kind, mapping_file), READERS[kind]
    known = fingerprint(path=file, progress=bar)
    stopped = queries.unfinished_import(digest=known.digest, kind=kind, organisation_id=None)
    if stopped is not None:
        return actions.accept_rows(import_id=stopped.pk, reader=reader, progress=bar)
    received = actions.receive_file(
        kind=kind,
        file_name=file.name,
        size_bytes=known.size_bytes,
        mapping=mapping,
        organisation_id=None,
        started_by=None,
        started_at=timezone.now(),
    )
    read = actions.read_file(
        import_id=received.pk, reader=reader, path=file, known=known, progress=bar
    )
    if read.state == State.DONE:
        return read
    try:
        return actions.accept_rows(
            import_id=read.pk, reader=reader, takes_good_rows=good_rows, progress=bar
        )
    except RowsRefused as refusal:
        return actions.give_up(import_id=read.pk, refusal=refusal)


def _mapping(kind: str, path: Path | None) -> "Mapping":
    from reciproca.imports.mapping import KindDiffers, Mapping, load_mapping

    if path is None:
        return Mapping(kind=kind)
    mapping = load_mapping(path)
    if mapping.kind not in ("", kind):
        raise KindDiffers(kind=mapping.kind, wanted=kind)
    return mapping


def _result(done: "Import", *, seconds: float) -> dict[str, Any]:
    """Return what the command prints; `known` counts rows that had come in before."""
    from reciproca.imports.models import State

    findings = done.findings
    duplicates = findings.get("duplicates")
    if duplicates:
        duplicates = duplicates | {"first": duplicates["first"][:FIRST_DUPLICATES]}
    return {
        "ok": done.state == State.DONE,
        "import_id": str(done.pk),
        "state": done.state,
        "rows": done.row_count,
        "accepted": done.accepted_count,
        "refused": done.refused_count,
        "known": done.known_count,
        "amount_cents": done.amount_cents,
        "seconds": round(seconds, 3),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "refusals_file": _refusals_file(done),
        "duplicates": duplicates,
        "same_as": findings.get("same_as"),
        "rows_before_policy": findings.get("rows_before_policy"),
        "rows_without_rate": findings.get("rows_without_rate"),
        "value_cents": findings.get("value_cents"),
    }


def _refusals_file(done: "Import") -> str | None:
    """Write the refused rows with their reasons, and return where."""
    from reciproca.imports import queries
    from reciproca.settings.reader import read_settings

    if not done.refused_count:
        return None
    path = read_settings().data_dir / "imports" / f"{done.pk}-refused.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        out.writelines(queries.refused_csv(file=done))
    return str(path)


def _lines(done: "Import", result: dict[str, Any]) -> Iterator[str]:
    from reciproca.imports import queries
    from reciproca.web.words import count, euro

    if result["same_as"]:
        yield (
            _("Questo stesso file era già entrato (importazione %s): non si è mosso niente.")
            % result["same_as"]
        )
    yield _(
        "Righe: %(rows)s. Accettate: %(accepted)s (%(amount)s). Rifiutate: %(refused)s."
        " Già note: %(known)s."
    ) % {
        "rows": count(done.row_count),
        "accepted": count(done.accepted_count),
        "amount": euro(done.amount_cents),
        "refused": count(done.refused_count),
        "known": count(done.known_count),
    }
    for reason in queries.reasons(import_id=done.pk):
        first = reason.examples[0]
        yield "  " + _("%(count)s × %(code)s, la prima alla riga %(row)s: %(reason)s") % {
            "count": count(reason.count),
            "code": reason.code,
            "row": first.number,
            "reason": first.reason,
        }
    if result["refusals_file"]:
        yield _("Le righe rifiutate: %s") % result["refusals_file"]
    if result["rows_before_policy"]:
        yield _("Righe di prima di ogni criterio, che non muovono niente: %s.") % count(
            result["rows_before_policy"]
        )
    if result["rows_without_rate"]:
        yield _(
            "Righe di quando la loro cooperativa non si era impegnata a far tornare niente: %s. Gli"
            " impegni valgono da oggi in poi (docs/data-import.md)."
        ) % count(result["rows_without_rate"])
    yield from _duplicates(result["duplicates"])
    if not result["ok"]:
        yield _(
            "Non è stato registrato niente. Metti a posto le righe, o aggiungi --accept-good-rows."
        )


def _duplicates(found: dict[str, Any] | None) -> Iterator[str]:
    from reciproca.web.words import count

    if not found or not found["count"]:
        return
    yield _("Probabili doppioni: %s.") % count(found["count"])
    for pair in found["first"]:
        yield "  " + _("%(likeness)s%%: riga %(row)s “%(name)s”") % pair
        other = _("riga %s") % pair["other_row"] if pair["other_row"] else _("il registro")
        yield "       " + _("e %(other)s “%(name)s”") % {"other": other, "name": pair["other_name"]}
