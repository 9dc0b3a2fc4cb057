"""`python -m tests.crashes.stand [IMPORT_ID]`: finish what the worker began, tell what stands."""

import json
import sys
from uuid import UUID

from reciproca.cli.house import open_house


def main(import_id: str) -> None:
    open_house()
    from django.db import connection

    from reciproca.imports import actions
    from reciproca.purchases.reading import PURCHASES

    told: dict[str, object] = {}
    if import_id:
        found = actions.accept_rows(
            import_id=UUID(import_id), reader=PURCHASES, takes_good_rows=True
        )
        told["imported"] = found.accepted_count
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, array_agg(total_cents) FROM purchases_purchase"
            " WHERE imported_by_id IS NULL GROUP BY key"
        )
        told["sales"] = dict(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM purchases_purchase WHERE imported_by_id IS NOT NULL")
        told["imported_rows"] = cursor.fetchone()[0]
    print(json.dumps(told))


if __name__ == "__main__":
    main(*(sys.argv[1:] or [""]))
