"""The worked example of the README is what the verifier accepts."""

import re
from pathlib import Path

import pytest

from reciproca_verifier.main import main
from reciproca_verifier.proof import read_proof
from reciproca_verifier.tree import leaf_hash

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
[PROOF] = re.findall(r"^```\n(c2sp\.org/tlog-proof@v1\n.+?)^```", README, re.MULTILINE | re.DOTALL)
[VKEY, *WITNESSES] = re.findall(r"^    (\S+\+[0-9a-f]{8}\+\S+)$", README, re.MULTILINE)
FIGURES = dict(re.findall(r"^    (salt|payload|entry|leaf) +(.+)$", README, re.MULTILINE))


def test_the_worked_example_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "example.tlog-proof"
    file.write_text(PROOF, encoding="utf-8")
    witnesses = [part for vkey in WITNESSES for part in ("--witness", vkey)]

    assert main(["--proof", str(file), "--vkey", VKEY, *witnesses, "--quorum", "2"]) == 0
    assert FIGURES["payload"] in capsys.readouterr().out


def test_the_worked_example_opens_as_it_says() -> None:
    opening = read_proof(PROOF.encode()).opening
    assert opening is not None

    assert opening.salt.hex() == FIGURES["salt"]
    assert opening.payload.decode() == FIGURES["payload"]
    assert opening.entry().hex() == FIGURES["entry"]
    assert leaf_hash(opening.entry()).hex() == FIGURES["leaf"]
