"""What is done with a file: received, read, checked, accepted, undone, given up."""

from reciproca.imports.actions.forgetting import forget_rows
from reciproca.imports.actions.reading import change_mapping, check_rows, read_file, receive_file
from reciproca.imports.actions.recording import (
    accept_rows,
    give_up,
    give_up_old_previews,
    undo_import,
)
from reciproca.imports.actions.steps import KNOWN_CODE

__all__ = [
    "KNOWN_CODE",
    "accept_rows",
    "change_mapping",
    "check_rows",
    "forget_rows",
    "give_up",
    "give_up_old_previews",
    "read_file",
    "receive_file",
    "undo_import",
]
