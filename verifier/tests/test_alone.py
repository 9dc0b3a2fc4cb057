"""The verifier in an environment that has nothing else, built and installed without a network."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from log_builder import LOG, WITNESSES, built, served

VERIFIER = Path(__file__).parents[1]
HERE = Path(sysconfig.get_path("platlib"))
NEEDED = ("cryptography", "cffi", "pycparser", "_cffi_backend*")
"""What `pip` would fetch: the declared dependency, and what that one stands on."""


def done(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the verifier, its declared dependency, and no more."""
    base = tmp_path_factory.mktemp("alone")
    shutil.copytree(VERIFIER, base / "verifier", ignore=shutil.ignore_patterns("tests", "build"))
    uv = Path(sys.executable).with_name("uv")
    build = (uv, "build", "--offline", "--quiet", "--wheel", "--no-build-isolation")
    done(*build, "--python", sys.executable, "--out-dir", base, base / "verifier")
    done(sys.executable, "-m", "venv", "--without-pip", base / "venv")
    python = base / "venv" / "bin" / "python"
    [wheel] = base.glob("*.whl")
    done(uv, "pip", "install", "--offline", "--quiet", "--no-deps", "--python", python, wheel)
    site = Path(
        done(python, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))").strip()
    )
    for pattern in NEEDED:
        for found in HERE.glob(pattern):
            (site / found.name).symlink_to(found)
    return python.parent


def test_it_checks_a_log_and_a_proof_from_a_bare_environment(alone: Path, tmp_path: Path) -> None:
    log, proof = built(300), tmp_path / "sale.tlog-proof"
    proof.write_bytes(log.proof(17, 200))
    environment = {"PATH": os.defpath, "LANG": "it_IT.UTF-8"}
    witnesses = [part for witness in WITNESSES for part in ("--witness", witness.vkey)]
    with served(log.files()) as url:
        call = [str(alone / "reciproca-verify"), url, "--vkey", LOG.vkey, "--proof", str(proof)]
        call += [*witnesses, "--quorum", "2"]
        checked = subprocess.run(call, env=environment, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        assert "✓ Rilette 300 voci" in checked.stdout

        proof.write_bytes(log.proof(17, 200).replace(b"index 17", b"index 18"))
        refused = subprocess.run(call, env=environment, capture_output=True, text=True)
        assert refused.returncode == 1
        assert refused.stderr == (
            "✗ La prova non vale: questo contenuto non è la voce 18 delle 200 registrate.\n"
        )


def test_a_bare_environment_has_neither_django_nor_reciproca(alone: Path) -> None:
    asked = "import importlib.util as u; print([u.find_spec(n) for n in ('django', 'reciproca')])"

    assert done(alone / "python", "-c", asked) == "[None, None]\n"
