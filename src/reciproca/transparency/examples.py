"""Worked examples of commitments under one root, and of what erasing changes: nothing."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.worked_examples import Adapter, ExampleUnreadable, Part
from reciproca.transparency.rules import leaves, merkle, tiles


def commitment(given: Part) -> dict[str, object]:
    """Commit to records; the root is of the entries alone, so erasing a salt leaves it as it is."""
    entries = [_entry(record) for record in given.at("records").each()]
    hashes = [merkle.leaf_hash(each) for each in entries]
    return {
        "entries_hex": [each.hex() for each in entries],
        "merkle_root": merkle.root(hashes).hex(),
        "root_after_erasing_record_3": tiles.grow(size=0, partial={}, leaves=hashes).root.hex(),
    }


def _entry(record: Part) -> bytes:
    payload = record.at("payload")
    kind = payload.at("kind").choice(*leaves.KINDS)
    try:
        salt = bytes.fromhex(record.at("salt_hex").text())
        content = leaves.canonical(payload.value)
    except ValueError as mistake:
        wanted = _("un sale in cifre esadecimali e valori senza virgola")
        raise ExampleUnreadable(where=record.where, wanted=wanted) from mistake
    return leaves.entry(kind=kind, salt=salt, payload=content)


ADAPTERS = {"commitment": Adapter(commitment)}
