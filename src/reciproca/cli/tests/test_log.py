"""`reciproca log verify` is the verifier's own program under the house's name."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reciproca.cli.main import main

README = (Path(__file__).parents[4] / "verifier" / "README.md").read_text(encoding="utf-8")
[PROOF] = re.findall(r"^```\n(c2sp\.org/tlog-proof@v1\n.+?)^```", README, re.MULTILINE | re.DOTALL)
VKEY = re.findall(r"^    (\S+\+[0-9a-f]{8}\+\S+)$", README, re.MULTILINE)[0]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["log", "verify", *arguments])


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    file = tmp_path / "sale.tlog-proof"
    file.write_text(PROOF, encoding="utf-8")
    return file


def test_a_proof_is_checked_by_its_file_alone(proof: Path) -> None:
    answer = run("--proof", str(proof), "--vkey", VKEY, "--json")

    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["proof"]["index"] == 1


def test_a_proof_that_does_not_hold_ends_with_one(proof: Path) -> None:
    proof.write_text(PROOF.replace("index 1", "index 2"), encoding="utf-8")
    answer = run("--proof", str(proof), "--vkey", VKEY, "--lang", "it")

    assert answer.exit_code == 1
    assert "✗ La prova non vale" in answer.stderr


def test_a_wrong_call_ends_with_two_and_says_how_to_call() -> None:
    answer = run("--proof")

    assert answer.exit_code == 2
    assert "usage: reciproca log verify" in answer.stderr
    assert run("--help").exit_code == 0
