"""Words as people type them, as PostgreSQL looks for them."""

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery


def plain_words(text: str) -> list[str]:
    """Return the words of a text without capitals, accents and signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


def prefix_query(text: str) -> str:
    """Return the tsquery for words of which each may be half typed; letters and digits only."""
    return " & ".join(f"{word}:*" for word in plain_words(text))


class StemsOf(SearchQuery):
    """
    The tsquery of what somebody types into the directory.

    The stem of each word, as the beginning of a word: it finds other endings and what is only half
    typed. Articles and the like are left out, unless nothing else was written.
    """

    template = (
        "(SELECT CASE WHEN numnode(stems) > 0 THEN stems ELSE to_tsquery('simple', typed) END"
        " FROM (SELECT typed, to_tsquery('italian', typed) AS stems"
        " FROM (SELECT %(expressions)s::text AS typed) t) q)"
    )

    def __init__(self, text: str) -> None:
        super().__init__(prefix_query(text), search_type="raw")
