"""
Names of organisations as lists carry them: in capitals, with a dozen ways to write the legal form.

`core_name` is what is left to compare once the legal form is gone; `readable_name` is how a page
writes it. No database.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

LEGAL_FORM = frozenset(
    "A AGR AGRICOLA AGRICOLO ARL AZIONI COOP COOPERATIVA COOPERATIVE ETS FORMA ABBREVIATA IMPRESA"
    " LIMITATA ODV ONLUS PER PICCOLA RESPONSABILITA RL SC SCARL SCRL SCS SCSARL SCSRL SIGLA SOC"
    " SOCCOOP SOCIALE SOCIALI SOCIETA SOLIDARIETA SPA SRL".split()
)
"""Words that say what kind of company it is, never which; `SOLIDARIETA` as in “di solidarietà”."""

LEGAL_LETTERS = re.compile(f"(?:{'|'.join(sorted(LEGAL_FORM, key=len, reverse=True))})+")

ARTICLES = frozenset("I IL LA LE LO L GLI UN UNA DI DEL DELLA DEI DELLE E ED".split())
SMALL_WORDS = frozenset(
    "a ad al alla ai alle con da dal dalla de dei del dell della delle dello di e ed il in la le lo"
    " i gli nel nell nella per su sul sulla tra un una uno".split()
)
LOWER_WORDS = frozenset(
    "società soc coop cooperativa cooperative sociale sociali agricola agr impresa consorzio onlus"
    " arl responsabilità limitata solidarietà".split()
)
ACRONYM = re.compile(r"(?:[A-Z]\.){2,}[A-Z]?|ETS|ODV|APS|SCS|[IVX]{2,}", re.ASCII)
LIMITED = re.compile(r"(?:A\.)?R\.?L\.?", re.ASCII)
ACCENTED = str.maketrans("AEIOU", "ÀÈÌÒÙ")
# Possible duplicates are near enough to be looked at, and far enough not to be many.
LIKE_SHARE = 0.7


def core_name(name: str) -> str:
    """
    Return the letters of a name that tell it from others: no legal form, articles or blanks.

    “IL PONTE SOC. COOP. SOCIALE O.N.L.U.S.” and “Ponte, società cooperativa” are both `PONTE`;
    words that the list broke in two are joined again. A name that is nothing but legal form stays.
    """
    words = list(_joined(_letters_joined(_words(name))))
    own = [word for word in words if word not in LEGAL_FORM]
    telling = [word for word in own if word not in ARTICLES]
    return "".join(telling or own or words)


def likeness(*, one: str, other: str) -> float:
    """Return how alike two core names are, from 0 to 1: the share of their three-letter groups."""
    if one == other:
        return 1.0
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / len(first | second)


def likeness_percent(*, one: str, other: str) -> int | None:
    """
    Return how alike two core names are in hundredths, None where nobody need look at them.

    The one rule for what may be a duplicate, of a file's rows and of the registry's own entries.
    """
    alike = likeness(one=one, other=other)
    return int(alike * 100) if alike >= LIKE_SHARE else None


def readable_name(name: str) -> str:
    """
    Return a name in capitals as people write it, legal form in small letters; others unchanged.

    “L'ALBA SOCIETA' COOPERATIVA” is “L'Alba società cooperativa”.
    """
    bare = " ".join(name.split())
    if not bare.isupper():
        return bare
    bare = re.sub(r"\bSOCIETA['’`]\s?(?=\w)", "SOCIETÀ ", bare)
    words = [_readable(word) for word in bare.split(" ")]
    first = words[0]
    return " ".join([first[:1].upper() + first[1:], *words[1:]])


def _readable(word: str) -> str:
    accented = re.sub(r"([AEIOU])['’`](?=\W*$)", lambda m: m[1].translate(ACCENTED), word)
    core = accented.strip("(),-;")
    if ACRONYM.fullmatch(core) and not LIMITED.fullmatch(core):
        return accented
    small = accented.lower()
    parts = re.split(r"([\W_]+)", small)
    return small if LIMITED.fullmatch(core) else "".join(map(_capital, parts))


def _capital(part: str) -> str:
    if part in SMALL_WORDS or part in LOWER_WORDS:
        return part
    return part[:1].upper() + part[1:]


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.upper())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^A-Z0-9]+", " ", re.sub(r"['’`]", " ", letters)).split()


def _letters_joined(words: Iterable[str]) -> Iterator[str]:
    """Join letters that stand alone: `O N L U S` is one word; so is `S C S O N L U S`, of none."""
    for alone, group in groupby(words, key=lambda word: len(word) == 1):
        if not alone:
            yield from group
        elif not LEGAL_LETTERS.fullmatch(letters := "".join(group)):
            yield letters


def _joined(words: Iterable[str]) -> Iterator[str]:
    """Join a word of the legal form that was broken in two: `COOPERATI VA`."""
    held = ""
    for word in words:
        if held and held + word in LEGAL_FORM:
            held += word
            continue
        if held:
            yield held
        held = word
    if held:
        yield held


@lru_cache(maxsize=20_000)
def _trigrams(text: str) -> frozenset[str]:
    padded = f" {text} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
