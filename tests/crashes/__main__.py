"""`python -m tests.crashes ROUNDS`: the long version, with a report; ends with 1 on any loss."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crashes.rounds import kill_in_turn

IMPORT_ROWS = 60_000

with TemporaryDirectory(prefix="reciproca-soak-") as folder:
    report = kill_in_turn(
        data_dir=Path(folder), rounds=int(sys.argv[1]), import_rows=IMPORT_ROWS, say=print
    )
print(report)
sys.exit(0 if report.ok else 1)
