"""
Make the typefaces of printed statements from those of the pages.

    uv run --no-project --with fonttools --with brotli scripts/fonts.py

Reads the variable fonts that npm installed, cuts the weights that paper needs, joins the Latin
ranges and writes TrueType files that reportlab can embed, a third of a megabyte in all. Run it when
the fonts change; what it writes is committed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger  # type: ignore[import-not-found,unused-ignore]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found,unused-ignore]
from fontTools.varLib.instancer import (  # type: ignore[import-not-found,unused-ignore]
    instantiateVariableFont,
)

HOUSE = Path(__file__).resolve().parent.parent
SOURCE = HOUSE / "frontend" / "node_modules" / "@fontsource-variable"
TARGET = HOUSE / "src" / "reciproca" / "web" / "data"

WANTED = {
    "atkinson-regular.ttf": ("atkinson-hyperlegible-next", 400),
    "atkinson-bold.ttf": ("atkinson-hyperlegible-next", 700),
    "bricolage-bold.ttf": ("bricolage-grotesque", 700),
}
RANGES = ("latin", "latin-ext")
# Ligatures and kerning: reportlab sets letter by letter.
UNUSED = ("GSUB", "GPOS", "GDEF", "STAT", "HVAR", "MVAR", "DSIG", "meta")


def cut(family: str, weight: int, part: str, folder: Path) -> str:
    """Write one weight of one range of a family and return the file's name."""
    source = SOURCE / family / "files" / f"{family}-{part}-wght-normal.woff2"
    font = TTFont(source, recalcTimestamp=False)
    font = instantiateVariableFont(font, {"wght": weight})
    for table in UNUSED:
        if table in font:
            del font[table]
    font.flavor = None
    path = folder / f"{part}.ttf"
    font.save(path)
    return str(path)


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for name, (family, weight) in WANTED.items():
        with TemporaryDirectory() as folder:
            parts = [cut(family, weight, part, Path(folder)) for part in RANGES]
            joined = Merger().merge(parts)
        # A reader of the document tells fonts apart by these names.
        for number in (1, 4, 6, 16):
            joined["name"].setName(Path(name).stem.title(), number, 3, 1, 0x409)
        # The same fonts give the same bytes.
        joined.recalcTimestamp = False
        joined["head"].created = joined["head"].modified = 0
        joined.save(TARGET / name)
        licence = (SOURCE / family / "LICENSE").read_text(encoding="utf-8")
        (TARGET / f"{family}-OFL.txt").write_text(licence, encoding="utf-8")
        print(name, (TARGET / name).stat().st_size)


if __name__ == "__main__":
    main()
