"""Files through the command, in processes of their own; real ones where they are at hand."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reciproca.cli.tests.conftest import Reciproca

ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("RECIPROCA_SHARED_DATA", ROOT.parent / "shared" / "data"))
MAPPINGS = ROOT / "src" / "reciproca" / "imports" / "mappings"
CREATING = (
    'kind = "purchases"\n'
    '[members]\nunknown = "create"\nsource = "killed"\n'
    '[sellers]\nunknown = "create"\nsource = "killed"\n'
)

Import = Callable[..., tuple[int, dict[str, Any]]]

real_files = pytest.mark.skipif(
    os.environ.get("CI") == "true" or not SHARED.is_dir(),
    reason="real files are not at hand (RECIPROCA_SHARED_DATA)",
)


@pytest.fixture(scope="module")
def bring(reciproca: Reciproca) -> Import:
    """Return what runs `reciproca import … --json`: its exit code and what it printed."""

    def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        done = reciproca("import", *arguments, "--json")
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mappa.toml"
    path.write_text(CREATING)
    return path


def purchases(folder: Path, count: int, *, prefix: str = "r") -> Path:
    path = folder / f"{prefix}.csv"
    rows = (f"{prefix}{n};M{n % 50};S1;2/6/2025;{n % 90},50" for n in range(count))
    path.write_text("\n".join(["scontrino;socio;cooperativa;data;importo", *rows]))
    return path


def test_a_file_with_a_bad_row_ends_with_1_and_says_where_the_reasons_are(
    bring: Import, tmp_path: Path, mapping: Path
) -> None:
    file = tmp_path / "mista.csv"
    file.write_text("socio;cooperativa;data;importo\nA;S9;2/6/2025;1,50\nA;S9;domani;1\n")

    code, said = bring("purchases", file, "--mapping", mapping)
    good_code, good = bring("purchases", file, "--mapping", mapping, "--accept-good-rows")

    assert (code, said["ok"], said["accepted"], said["refused"]) == (1, False, 0, 1)
    assert "bad-date" in Path(said["refusals_file"]).read_text()
    assert (good_code, good["ok"], good["accepted"], good["amount_cents"]) == (0, True, 1, 150)
    assert good["seconds"] > 0
    assert good["peak_mib"] > 10


def test_a_file_refused_as_a_whole_says_why(bring: Import, tmp_path: Path) -> None:
    file = tmp_path / "altra.csv"
    file.write_text("colore;forma\nrosso;tondo\n")

    code, said = bring("purchases", file)

    assert (code, said["ok"], said["code"]) == (1, False, "columns-missing")
    assert "colore, forma" in said["message"]


def test_a_wrong_call_ends_with_2(reciproca: Reciproca, tmp_path: Path) -> None:
    assert reciproca("import", "purchases", tmp_path / "nessuno.csv").returncode == 2
    assert reciproca("import", "weather", tmp_path).returncode == 2


def test_people_read_sentences(reciproca: Reciproca, tmp_path: Path, mapping: Path) -> None:
    file = tmp_path / "parole.csv"
    file.write_text("socio;cooperativa;data;importo\nZ;S9;2/6/2025;1,50\nZ;S9;mai;1\n")

    done = reciproca("import", "purchases", file, "--mapping", mapping, "--accept-good-rows")

    assert "2 rows: 1 accepted" in done.stdout
    assert "bad-date" in done.stdout
    assert "Recording" in done.stderr


def test_an_import_is_undone_by_its_id(bring: Import, tmp_path: Path, mapping: Path) -> None:
    _code, said = bring("purchases", purchases(tmp_path, 20, prefix="u"), "--mapping", mapping)

    code, undone = bring("undo", said["import_id"], "--reason", "prova")

    assert (code, undone["state"]) == (0, "undone")


def test_a_members_register_is_undone_unless_somebody_of_it_was_used(
    bring: Import, tmp_path: Path, mapping: Path
) -> None:
    cooperatives, members = tmp_path / "elenco.csv", tmp_path / "soci.csv"
    till, buyers = tmp_path / "cassa.csv", tmp_path / "cassa.toml"
    cooperatives.write_text("denominazione;codice fiscale\nIl Ponte;01844160208\n")
    members.write_text(
        "codice socio;nominativo;cooperativa;data iscrizione\nP1;Ada Rossi;01844160208;1/3/2020\n"
    )
    till.write_text("socio;cooperativa;data;importo\nP1;01844160208;2/6/2025;10\n")
    buyers.write_text('kind = "purchases"\n[members]\nsource = "import"\n')
    bring("cooperatives", cooperatives)
    _code, first = bring("members", members)
    code, undone = bring("undo", first["import_id"], "--reason", "prova")
    _code, second = bring("members", members)
    bring("purchases", till, "--mapping", buyers)

    used_code, used = bring("undo", second["import_id"], "--reason", "prova")

    assert (code, undone["state"]) == (0, "undone")
    assert (second["accepted"], second["known"]) == (1, 0)
    assert (used_code, used["ok"], used["code"]) == (1, False, "nodes-in-use")
    assert "purchases (1)" in used["message"]


def test_an_import_killed_in_the_middle_goes_on_where_it_was(
    bring: Import, environment: dict[str, str], tmp_path: Path, mapping: Path
) -> None:
    file = purchases(tmp_path, 30_000, prefix="k")
    victim = subprocess.Popen(
        [sys.executable, "-m", "reciproca", *("import", "purchases", file, "--mapping", mapping)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert victim.stderr is not None
    for line in victim.stderr:
        if line.startswith("Recording"):
            break
    time.sleep(0.3)
    victim.kill()
    victim.wait()
    victim.stderr.close()

    code, said = bring("purchases", file, "--mapping", mapping)
    again_code, again = bring("purchases", file, "--mapping", mapping)

    assert (code, said["rows"], said["accepted"]) == (0, 30_000, 30_000)
    assert said["amount_cents"] == sum((n % 90) * 100 + 50 for n in range(30_000))
    assert (again_code, again["accepted"], again["known"]) == (0, 0, 30_000)
    assert again["same_as"] == said["import_id"]


@real_files
def test_complete_journey_line_by_line_equals_its_control_totals(bring: Import) -> None:
    file = SHARED / "complete_journey" / "transactions.csv.gz"
    totals = json.loads((SHARED / "complete_journey" / "control_totals.json").read_text())

    code, said = bring(
        "purchases", file, "--mapping", MAPPINGS / "complete_journey.toml", "--accept-good-rows"
    )

    assert (code, said["refused"]) == (0, 0)
    assert said["rows"] == said["accepted"] == totals["transactions"]
    assert said["amount_cents"] == round(totals["sales_value"] * 100)


@real_files
def test_cdnow_equals_its_control_totals_and_comes_in_once(bring: Import) -> None:
    file = SHARED / "cdnow" / "cdnow_elog.csv.gz"
    totals = json.loads((SHARED / "cdnow" / "control_totals.json").read_text())
    call = ("purchases", file, "--mapping", MAPPINGS / "cdnow.toml", "--accept-good-rows")

    code, said = bring(*call)
    again_code, again = bring(*call)

    assert (code, said["accepted"]) == (0, totals["transactions"])
    assert said["amount_cents"] == round(totals["sales"] * 100)
    assert (again_code, again["accepted"], again["known"]) == (0, 0, totals["transactions"])


@real_files
def test_the_list_of_cooperatives_comes_in_with_its_likely_duplicates(bring: Import) -> None:
    file = SHARED / "italian_cooperatives" / "cooperatives_5x1000_2022.csv.gz"
    mapping = MAPPINGS / "italian_cooperatives.toml"

    code, said = bring("cooperatives", file, "--mapping", mapping, "--accept-good-rows")

    assert (code, said["rows"], said["accepted"] + said["refused"]) == (0, 3_177, 3_177)
    assert said["accepted"] > 3_170
    names = {pair["name"] for pair in said["duplicates"]["first"]}
    assert said["duplicates"]["count"] >= 4
    assert "PANDORA SOCIETA' COOPERATIVA SOCIALE" in names
