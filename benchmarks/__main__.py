"""`python -m benchmarks [NAME]`: each benchmark in a process and on a database of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from benchmarks.measurement import Measurement, keep
from reciproca.cli.house import open_house

NOT_BENCHMARKS = {"__init__", "__main__", "bare", "measurement"}


def names() -> list[str]:
    """Return the benchmarks there are."""
    return sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - NOT_BENCHMARKS)


def run(name: str) -> int:
    """Run one benchmark in a new process, with nothing left from the one before."""
    with tempfile.TemporaryDirectory(prefix="reciproca-bench-") as folder:
        environment = {**os.environ, "RECIPROCA_DATA_DIR": folder}
        command = [sys.executable, "-m", "benchmarks", "--here", name]
        return subprocess.run(command, env=environment, check=False).returncode


def run_here(name: str) -> None:
    """Run one benchmark in this process, print and keep each figure as it comes."""
    open_house(migrate=True)
    measured: Iterable[Measurement] = import_module(f"benchmarks.{name}").measure()
    for measurement in measured:
        print(measurement, flush=True)
        keep([measurement])


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--here"]:
        run_here(arguments[1])
        return 0
    if unknown := set(arguments) - set(names()):
        print(f"no benchmark called {', '.join(unknown)}; there are: {', '.join(names())}")
        return 2
    return max([run(name) for name in arguments or names()], default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
