"""Keeping the public directory in step with the nodes it shows."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.utils.translation import override

from reciproca.registry.models import Sector
from reciproca.registry.models.nodes import plain_sql

SHOWN = ["cooperative", "company", "purchasing_group", "federation", "fund", "project"]
"""People never, and pools neither: they are a step of a division, not somebody to meet."""

# Each word in two ways: as it is written (names, what is only half typed) and by its stem, so that
# “formaggi” finds “formaggio”. What somebody is called weighs most, then where they are.
REFRESH = f"""
INSERT INTO registry_directoryentry
  (node_id, kind, name_key, sector, municipality_id, province_sigla, words)
SELECT n.id, n.kind, n.name_key, coalesce(o.sector, ''), n.municipality_id,
       coalesce(m.province_sigla, ''),
       setweight(to_tsvector('simple', n.name_key), 'A')
       || setweight(to_tsvector('italian', n.name_key), 'A')
       || setweight(to_tsvector('simple', {plain_sql("concat_ws(' ', m.name, m.province)")}), 'B')
       || setweight(to_tsvector('italian', {plain_sql("coalesce(o.legal_name, '')")}), 'C')
       || setweight(to_tsvector('italian', {plain_sql("coalesce(label.words, '')")}), 'C')
       || setweight(to_tsvector('italian', {plain_sql("n.description")}), 'D')
FROM registry_node n
LEFT JOIN registry_organisation o ON o.node_id = n.id
LEFT JOIN registry_municipality m ON m.istat_code = n.municipality_id
LEFT JOIN unnest(%(sectors)s::text[], %(labels)s::text[]) AS label(sector, words)
  ON label.sector = o.sector
WHERE n.id = ANY(%(nodes)s::uuid[]) AND n.kind = ANY(%(shown)s) AND n.closed_at IS NULL
ON CONFLICT (node_id) DO UPDATE SET
  kind = excluded.kind, name_key = excluded.name_key, sector = excluded.sector,
  municipality_id = excluded.municipality_id, province_sigla = excluded.province_sigla,
  words = excluded.words
"""  # noqa: S608 - what is put in is our own text


def refresh_directory(*, nodes: Collection[UUID]) -> None:
    """Write what the directory finds these open nodes by, in one SQL statement."""
    with override("it"):
        labels = [str(sector.label) for sector in Sector]
    with connection.cursor() as cursor:
        cursor.execute(
            REFRESH,
            {
                "sectors": Sector.values,
                "labels": labels,
                "nodes": list(nodes),
                "shown": SHOWN,
            },
        )
