"""Text as banks take it: the basic Latin characters, and never longer than the field."""

import re
import unicodedata
from base64 import b32encode
from hashlib import sha256

ID_LENGTH = 35
_DIGEST_LENGTH = 10
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+", re.ASCII)
_BLANKS = re.compile(r"\s+")
# Letters that no decomposition turns into basic ones, and the sign that firms' names are full of.
_SPELT = str.maketrans(
    {"&": "+", "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "đ": "d"}
    | {"Đ": "D", "ł": "l", "Ł": "L", "’": "'", "‘": "'", "–": "-", "—": "-", "€": "EUR"}
)


def latin(text: str, *, most: int) -> str:
    """
    Return `text` in the characters of the SEPA set, at most `most` of them.

    Accents are dropped, other signs become a blank, and a text of which nothing is left becomes a
    question mark, because the fields must not be empty.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_SPELT))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = _BLANKS.sub(" ", _NOT_ALLOWED.sub(" ", plain))
    # A slash at either end, or two in a row, is reserved for structured content.
    plain = re.sub("/+", "/", plain).strip(" /")
    return plain[:most].rstrip(" /") or "?"


def bounded_id(text: str) -> str:
    """
    Return `text` as an identifier of at most 35 characters.

    What fits is kept as it is. Anything else is cut and ends in fifty bits of its SHA-256, so that
    the same text always gives the same identifier and two texts give two.
    """
    plain = latin(text, most=len(text) + 1)
    if plain == text and len(text) <= ID_LENGTH:
        return text
    digest = b32encode(sha256(text.encode()).digest()).decode()[:_DIGEST_LENGTH]
    return f"{plain[: ID_LENGTH - _DIGEST_LENGTH - 1].rstrip(' /')}-{digest}"
