"""The mappings of well-known files that come with the house, and the files recognised by them."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from reciproca.imports.columns import plain
from reciproca.imports.mapping import Mapping, load_mapping

FOLDER = Path(__file__).parent / "mappings"


@cache
def shipped_mappings(*, kind: str) -> dict[str, Mapping]:
    """Return the shipped mappings of a kind, by name."""
    found = {path.stem: load_mapping(path) for path in sorted(FOLDER.glob("*.toml"))}
    return {name: mapping for name, mapping in found.items() if mapping.kind == kind}


def well_known(*, kind: str, header: Sequence[str]) -> Mapping | None:
    """Return the first shipped mapping all of whose columns a header has, capitals aside."""
    carried = set(map(plain, header))
    return next(
        (
            mapping
            for mapping in shipped_mappings(kind=kind).values()
            if set(map(plain, mapping.columns.values())) <= carried
        ),
        None,
    )
