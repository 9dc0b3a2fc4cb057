"""An EAN-13 number as bars (GS1 General Specifications, 5.2): one path, drawn in one ink."""

from itertools import groupby

GUARD, MIDDLE = "101", "01010"
LEFT = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
PARITIES = "OOOOOO OOEOEE OOEEOE OOEEEO OEOOEE OEEOOE OEEEOO OEOEOE OEOEEO OEEOEO".split()
"""The first digit is not drawn: which of the next six are of even parity tells it."""

MODULES = 95
QUIET_MODULES = 11


def ean13_modules(number: str) -> str:
    """Return the 95 modules of a number of 13 digits, `1` for ink."""
    first, left, right = number[0], number[1:7], number[7:]
    parities = PARITIES[int(first)]
    drawn = (_odd(d) if p == "O" else _even(d) for d, p in zip(left, parities, strict=True))
    return f"{GUARD}{''.join(drawn)}{MIDDLE}{''.join(map(_right, right))}{GUARD}"


def ean13_path(number: str, *, height: int) -> str:
    """Return the bars as the `d` of an SVG path, a module wide each, the quiet zone before them."""
    x, path = QUIET_MODULES, []
    for module, run in groupby(ean13_modules(number)):
        width = len(list(run))
        if module == "1":
            path.append(f"M{x} 0h{width}v{height}h-{width}z")
        x += width
    return "".join(path)


def _odd(digit: str) -> str:
    return LEFT[int(digit)]


def _right(digit: str) -> str:
    return _odd(digit).translate(str.maketrans("01", "10"))


def _even(digit: str) -> str:
    return _right(digit)[::-1]
