"""What the witness's process loads: its key, its store, and a watch over its parent."""

import os
from pathlib import Path

from reciproca.cli.children import exit_with_parent
from reciproca.cli.witness import FOLDER
from reciproca.transparency import keys
from reciproca.transparency.witness import Store, Witness
from reciproca.transparency.witness import application as wsgi

folder = Path(os.environ[FOLDER])
application = wsgi(
    Witness(keys.signers(folder / "witness-key")[0], Store(folder / "witness.sqlite3"))
)

exit_with_parent()
