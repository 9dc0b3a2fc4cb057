"""The one list of who did what, narrowed and read a page at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection

from reciproca.control_room.audit.sources import SOURCES, TITLES, WORDS
from reciproca.registry.places import plain_words
from reciproca.shared.calendar import end_of_day, first_instant

ON_A_PAGE = 50
# A source read alone may tell nothing of who or where: its column then has no type of its own.
FOUND = """
FROM ({sources}) AS act(kind, at, by_user, about, word, number)
LEFT JOIN registry_user u ON u.id = act.by_user::uuid
LEFT JOIN registry_node p ON p.id = coalesce(u.person_id, act.by_user::uuid)
LEFT JOIN registry_node n ON n.id = act.about::uuid
WHERE act.at >= %(since)s AND act.at < %(until)s {filters}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for; empty means all. `who` and `where` are parts of names."""

    who: str = ""
    where: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def narrowed(self) -> bool:
        return any((self.who, self.where, self.kind, self.since, self.until))


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody did something; without `by` a program did, or somebody at the terminal."""

    kind: str
    at: datetime
    by: str
    about_id: UUID | None
    about: str
    code: str
    number: int | None

    @property
    def title(self) -> str:
        return str(TITLES[self.kind])

    @property
    def word(self) -> str:
        """Return which one it was: a name or a title as it stands, a state in the page's words."""
        return str(WORDS.get(self.kind, {}).get(self.code, self.code))


class _Acts(Sequence[Act]):
    """The acts asked for, read a page at a time."""

    def __init__(self, asked: Asked) -> None:
        self.sql, self.params = _found(asked)

    def __len__(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {self.sql}", self.params)
            [(count,)] = cursor.fetchall()
        return int(count)

    def __getitem__(self, part: Any) -> Any:
        params = {**self.params, "limit": part.stop - part.start, "offset": part.start}
        return list(self.rows("LIMIT %(limit)s OFFSET %(offset)s", params))

    def rows(self, limit: str = "", params: Mapping[str, Any] | None = None) -> Iterator[Act]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT act.kind, act.at, coalesce(p.name, ''), act.about, coalesce(n.name, ''),"
                f" act.word, act.number {self.sql}"
                f" ORDER BY act.at DESC, act.kind, act.about, act.word {limit}",
                params or self.params,
            )
            for row in cursor:
                yield Act(*row)


def acts(*, asked: Asked, number: int) -> Page[Act]:
    """Return a page of what was done, the newest first, in two SQL queries."""
    return Paginator(_Acts(asked), ON_A_PAGE).get_page(number)


def all_acts(*, asked: Asked) -> Iterator[Act]:
    """Return all of what was done, the newest first, in one SQL query."""
    return _Acts(asked).rows()


def _found(asked: Asked) -> tuple[str, dict[str, Any]]:
    """Return what to read from, and what it is given: only texts of ours become SQL."""
    sources = [SOURCES[asked.kind]] if asked.kind in SOURCES else list(SOURCES.values())
    filters, params = [], dict[str, Any]()
    for name, column, text in (("who", "p", asked.who), ("where", "n", asked.where)):
        for position, word in enumerate(plain_words(text)):
            filters.append(f"AND strpos({column}.name_key, %({name}{position})s) > 0")
            params[f"{name}{position}"] = word
    params["since"] = first_instant(asked.since or date(1970, 1, 2))
    params["until"] = end_of_day(asked.until or date(2199, 12, 31))
    return FOUND.format(sources=" UNION ALL ".join(sources), filters=" ".join(filters)), params
