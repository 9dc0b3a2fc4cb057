"""Rows that a file brought of people who are erased: what stands in them goes."""

import json
from collections.abc import Collection

from django.db import connection, transaction

SAID = "lower(concat_ws(' ', raw, values, params))"
"""All that stands in a row; what was read of it is JSON of ASCII letters."""

EMPTY = "UPDATE imports_row SET raw = '', values = '', params = '' WHERE code <> ''"


@transaction.atomic
def forget_rows(*, codes: Collection[str], names: Collection[Collection[str]]) -> int:
    """
    Empty the rows that name somebody and that nothing will be made of; return how many they are.

    A row does if it holds one of `codes` (an address, a card's number) or every word of one of
    `names`; capitals are the same as small letters. That a row was refused, and why, stays.
    """
    emptied = 0
    wanted = [(code,) for code in codes] + [tuple(words) for words in names]
    with connection.cursor() as cursor:
        for words in filter(all, wanted):
            named = f" AND (strpos({SAID}, lower(%s)) > 0 OR strpos({SAID}, lower(%s)) > 0)"
            spellings = [text for word in words for text in (word, json.dumps(word)[1:-1])]
            cursor.execute(EMPTY + named * len(words), spellings)
            emptied += cursor.rowcount
    return emptied
