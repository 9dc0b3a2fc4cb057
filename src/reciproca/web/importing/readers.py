"""What can be imported: each room's reader by the name that commands and addresses write."""

from pathlib import Path

from reciproca.imports import mapping as mappings
from reciproca.imports.mapping import Mapping
from reciproca.imports.reader import Reader
from reciproca.purchases.reading import PURCHASES
from reciproca.registry.reading import COOPERATIVES, MEMBERS

READERS: dict[str, Reader] = {reader.kind: reader for reader in (PURCHASES, COOPERATIVES, MEMBERS)}
SHIPPED = Path(mappings.__file__).parent / "mappings"


def shipped_mappings(*, kind: str) -> dict[str, Mapping]:
    """Return the mappings of well-known files that come with the house, by name."""
    found = {path.stem: mappings.load_mapping(path) for path in sorted(SHIPPED.glob("*.toml"))}
    return {name: mapping for name, mapping in found.items() if mapping.kind == kind}
