"""Words as people type them, as PostgreSQL looks for them."""

from django.contrib.postgres.search import SearchQuery
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from reciproca.registry.places import plain_words


def prefix_query(text: str) -> str:
    """Return the tsquery for words of which each may be half typed; letters and digits only."""
    return " & ".join(f"{word}:*" for word in plain_words(text))


class StemsOf(SearchQuery):
    """
    The tsquery of what somebody types into the directory.

    The stem of each word, as the beginning of a word: it finds other endings and what is only half
    typed. Articles and the like are left out, unless nothing else was written.
    """

    # The planner folds this into a constant, so it knows a rare word from one in every name.
    template = (
        "CASE WHEN numnode(to_tsquery('italian', %(expressions)s)) > 0"
        " THEN to_tsquery('italian', %(expressions)s)"
        " ELSE to_tsquery('simple', %(expressions)s) END"
    )

    def __init__(self, text: str) -> None:
        super().__init__(prefix_query(text), search_type="raw")

    def as_sql(  # type: ignore[override]
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
    ) -> tuple[str, list[str | int]]:
        """Return the SQL with its one parameter in each of the three places."""
        sql, params = super().as_sql(compiler, connection, function, template)
        return f"({sql})", [*params] * 3
