"""
Who did what, out of what every room notes beside its own facts: one list, the newest first.

Names of who acted and of organisations, counts and titles: never a member who is only concerned, a
purchase or a basket. A new kind is a line of SOURCES and one of TITLES.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reciproca.registry.places import plain_words
from reciproca.shared.calendar import end_of_day, first_instant

ON_A_PAGE = 50
TITLES: dict[str, str | Promise] = {
    "mandate-granted": _("Incarico dato"),
    "mandate-ended": _("Incarico tolto"),
    "claim-decided": _("Richiesta di una scheda decisa"),
    "organisation-opened": _("Organizzazione entrata"),
    "entry-changed": _("Scheda cambiata"),
    "entries-merged": _("Schede unite"),
    "merge-undone": _("Unione annullata"),
    "policy-adopted": _("Politica adottata"),
    "year-closed": _("Anno chiuso"),
    "file-imported": _("File importato"),
    "import-undone": _("Importazione annullata"),
    "key-created": _("Chiave creata"),
    "key-revoked": _("Chiave revocata"),
    "card-blocked": _("Carta bloccata o sostituita"),
    "netting-run": _("Debiti compensati"),
    "payment-settled": _("Pagamento confermato"),
    "alert-resolved": _("Avviso risolto"),
}

# Each gives: kind, when, who (a login), about which organisation, a word, a count.
SOURCES: Mapping[str, str] = {
    "mandate-granted": "SELECT 'mandate-granted', m.granted_at, m.granted_by, m.organisation_id,"
    " p.name, NULL::bigint FROM registry_mandate m JOIN registry_node p ON p.id = m.person_id",
    "mandate-ended": "SELECT 'mandate-ended', m.ended_at, m.ended_by, m.organisation_id, p.name,"
    " NULL FROM registry_mandate m JOIN registry_node p ON p.id = m.person_id"
    " WHERE m.ended_at IS NOT NULL",
    "claim-decided": "SELECT 'claim-decided', c.decided_at, c.decided_by, c.organisation_id,"
    " p.name, NULL FROM registry_claim c JOIN registry_node p ON p.id = c.person_id"
    " WHERE c.decided_at IS NOT NULL",
    # Those that a person let in one by one; a whole file is one line of its own.
    "organisation-opened": "SELECT 'organisation-opened', n.opened_at, n.opened_by, n.id, '', NULL"
    " FROM registry_node n WHERE n.kind <> 'person' AND n.opened_by IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM registry_externalid x WHERE x.node_id = n.id"
    " AND starts_with(x.source, 'import:'))",
    "entry-changed": "SELECT 'entry-changed', c.changed_at, c.changed_by, c.node_id, '', count(*)"
    " FROM registry_nodechange c JOIN registry_node n ON n.id = c.node_id"
    " WHERE n.kind <> 'person' GROUP BY c.changed_at, c.changed_by, c.node_id",
    "entries-merged": "SELECT 'entries-merged', m.merged_at, m.merged_by, m.heir_id, n.name, NULL"
    " FROM registry_merge m JOIN registry_node n ON n.id = m.merged_id",
    "merge-undone": "SELECT 'merge-undone', m.undone_at, m.undone_by, m.heir_id, n.name, NULL"
    " FROM registry_merge m JOIN registry_node n ON n.id = m.merged_id"
    " WHERE m.undone_at IS NOT NULL",
    "policy-adopted": "SELECT 'policy-adopted', a.recorded_at, a.recorded_by, r.body_id, p.title,"
    " NULL FROM governance_adoption a JOIN governance_policy p ON p.digest = a.policy_id"
    " JOIN governance_resolution r ON r.id = a.resolution_id",
    "year-closed": "SELECT 'year-closed', finished_at, started_by, NULL, year::text, NULL"
    " FROM control_room_yearclose WHERE finished_at IS NOT NULL",
    "file-imported": "SELECT 'file-imported', coalesce(finished_at, started_at), started_by,"
    " organisation_id, '', accepted_count FROM imports_import WHERE state IN ('done', 'undone')",
    "import-undone": "SELECT 'import-undone', undone_at, undone_by, organisation_id, '',"
    " accepted_count FROM imports_import WHERE undone_at IS NOT NULL",
    "key-created": "SELECT 'key-created', created_at, created_by, organisation_id, name, NULL"
    " FROM registry_apikey",
    "key-revoked": "SELECT 'key-revoked', revoked_at, revoked_by, organisation_id, name, NULL"
    " FROM registry_apikey WHERE revoked_at IS NOT NULL",
    # Only what somebody did for another: what people do with their own card is theirs.
    "card-blocked": "SELECT 'card-blocked', c.blocked_at, c.blocked_by, NULL, '', NULL"
    " FROM registry_card c JOIN registry_user u ON u.id = c.blocked_by"
    " WHERE c.blocked_at IS NOT NULL AND u.person_id IS DISTINCT FROM c.person_id",
    "netting-run": "SELECT 'netting-run', recorded_at, recorded_by, NULL, label, NULL"
    " FROM clearing_clearingrun",
    "payment-settled": "SELECT 'payment-settled', s.recorded_at, s.confirmed_by, p.debtor_id, '',"
    " count(*) FROM clearing_settlement s JOIN clearing_payment p ON p.id = s.payment_id"
    " GROUP BY s.recorded_at, s.confirmed_by, p.debtor_id",
    "alert-resolved": "SELECT 'alert-resolved', e.recorded_at, e.recorded_by, a.about_id, e.note,"
    " NULL FROM control_room_alertevent e JOIN control_room_alert a ON a.id = e.alert_id"
    " WHERE e.step = 'resolved'",
}

FOUND = """
FROM ({sources}) AS act(kind, at, by_user, about, word, number)
LEFT JOIN registry_user u ON u.id = act.by_user
LEFT JOIN registry_node p ON p.id = u.person_id
LEFT JOIN registry_node n ON n.id = act.about
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
    word: str
    number: int | None

    @property
    def title(self) -> str:
        return str(TITLES[self.kind])


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
