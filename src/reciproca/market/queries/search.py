"""
Finding offers: by words, mistyped ones too, by what they are, and by how far they are.

One count by place is at once the total, the map and the order by distance; a page then reads only
its own rows. Source: docs/decisions/0041-search-by-place-and-word.md
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from reciproca.market.models import Offer
from reciproca.market.rules import meant, trigrams
from reciproca.market.vocabulary import Kind
from reciproca.registry.places import Point, distance_metres, municipalities_by_code, plain_words
from reciproca.registry.queries.search import StemsOf

PAGE_SIZE = 24
MOST_WORDS = 8
NEAR_WORDS = 60
"""How many known words, by common trigrams, are looked at for one that nobody wrote."""

LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What somebody looks for; empty means all.

    `near` is an ISTAT code: with it the nearest come first, `within_metres` at most. `sellers`,
    where not None, are the only ones asked; `without` never are.
    """

    text: str = ""
    kind: str = ""
    category: str = ""
    near: str = ""
    within_metres: int | None = None
    km0: bool = False
    available: bool = False
    sellers: Collection[UUID] | None = None
    without: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer in a list; `metres` from where the reader said to be, None where not known."""

    id: UUID
    title: str
    kind: str
    kind_title: str
    category: str
    seller_id: UUID
    seller: str
    place: str
    metres: int | None
    price_cents: int | None
    unit_title: str
    pack: str
    is_km0: bool
    is_available: bool
    has_photo: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """How many of the offers found are in one municipality: what the map draws."""

    code: str
    name: str
    point: Point
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found; `corrected` are the words read for those that nobody wrote."""

    page: Page[OfferRow]
    places: Sequence[PlaceRow]
    corrected: Sequence[str]


def search(*, wanted: Wanted, number: int, today: date) -> Found:
    """
    Return a page of offers: with words those that have them in the title first, else the nearest
    where a place is named; the newest among equals.

    Four SQL queries at most, however many offers there are.
    """
    readings = _readings(plain_words(wanted.text)[:MOST_WORDS])
    offers = _filtered(wanted, readings, today)
    counts = dict(offers.order_by().values_list("place").annotate(Count("id")))
    # Counted already: the numbers stand for the rows, of which only a page is read.
    numbered: Paginator[Any] = Paginator(range(sum(counts.values())), PAGE_SIZE)
    number = numbered.get_page(number).number
    found = _page(offers, wanted, readings, counts, (number - 1) * PAGE_SIZE)
    return Found(
        page=Page(_rows(found, wanted.near), number, numbered),
        places=_places(counts),
        corrected=[each for word, near in readings.items() for each in near if each != word],
    )


def _filtered(
    wanted: Wanted, readings: Mapping[str, Sequence[str]], today: date
) -> QuerySet[Offer]:
    offers = Offer.objects.filter(ended_at=None, hidden_at=None)
    offers = offers.filter(Q(valid_until=None) | Q(valid_until__gte=today))
    if readings:
        offers = offers.filter(vector=_Stems(readings))
    if wanted.kind:
        offers = offers.filter(kind=wanted.kind)
    if wanted.category:
        offers = offers.filter(category=wanted.category)
    if wanted.km0:
        offers = offers.filter(is_km0=True)
    if wanted.available:
        offers = offers.exclude(stock_milli=0).exclude(kind=Kind.NEED)
    if wanted.sellers is not None:
        offers = offers.filter(seller__in=wanted.sellers)
    if wanted.without:
        offers = offers.exclude(seller__in=wanted.without)
    if wanted.near and wanted.within_metres is not None:
        metres = _metres_from(wanted.near)
        around = [code for code, far in metres.items() if far <= wanted.within_metres]
        offers = offers.filter(place__in=around)
    return offers


def _page(
    offers: QuerySet[Offer],
    wanted: Wanted,
    readings: Mapping[str, Sequence[str]],
    counts: Mapping[str | None, int],
    start: int,
) -> list[Offer]:
    whole = offers.select_related("seller", "place", "photo").defer(
        "vector", "head", "body", "text", "photo__content"
    )
    if wanted.near and not readings:
        return _nearest(whole, wanted.near, counts, start)
    if readings:
        in_title = ExpressionWrapper(Q(vector=_Stems(readings, "A")), BooleanField())
        ids = offers.order_by(in_title.desc(), "-id").values_list("id", flat=True)
    else:
        ids = offers.order_by("-id").values_list("id", flat=True)
    page = list(ids[start : start + PAGE_SIZE])
    kept = whole.in_bulk(page)
    return [kept[each] for each in page]


def _nearest(
    offers: QuerySet[Offer], near: str, counts: Mapping[str | None, int], start: int
) -> list[Offer]:
    """Return a page of the nearest offers, asking only the places that it reaches into."""
    metres = _metres_from(near)
    placed = sorted((metres[code], code) for code in counts if code is not None)
    unplaced = [None] if None in counts else []
    order: list[str | None] = [*(code for _far, code in placed), *unplaced]
    found: list[Offer] = []
    for code in order:
        here = counts[code]
        if start >= here:
            start -= here
            continue
        room = PAGE_SIZE - len(found)
        found += offers.filter(place=code).order_by("-id")[start : start + room]
        start = 0
        if len(found) == PAGE_SIZE:
            break
    return found


def _rows(offers: Sequence[Offer], near: str) -> list[OfferRow]:
    metres = _metres_from(near) if near else {}
    return [
        OfferRow(
            id=each.id,
            title=each.title,
            kind=each.kind,
            kind_title=each.get_kind_display(),
            category=each.category,
            seller_id=each.seller_id,
            seller=each.seller.name,
            place=str(each.place or ""),
            metres=metres.get(each.place_id) if each.place_id else None,
            price_cents=each.price_cents,
            unit_title=each.get_unit_display(),
            pack=each.pack,
            is_km0=each.is_km0,
            is_available=each.stock_milli != 0,
            has_photo=hasattr(each, "photo"),
        )
        for each in offers
    ]


def _places(counts: Mapping[str | None, int]) -> list[PlaceRow]:
    known = municipalities_by_code()
    rows = [
        PlaceRow(code, known[code].name, known[code].point, count)
        for code, count in counts.items()
        if code is not None
    ]
    return sorted(rows, key=lambda row: (-row.count, row.code))


@lru_cache(maxsize=64)
def _metres_from(code: str) -> dict[str, int]:
    """Return how far each municipality of Italy is from one, in metres."""
    known = municipalities_by_code()
    here = known[code].point
    return {each: distance_metres(a=here, b=row.point) for each, row in known.items()}


class _Stems(StemsOf):
    """The tsquery of words of which each may be read in several ways, all of one weight or any."""

    def __init__(self, readings: Mapping[str, Sequence[str]], weight: str = "") -> None:
        ways = (" | ".join(f"{way}:*{weight}" for way in each) for each in readings.values())
        SearchQuery.__init__(self, " & ".join(f"({way})" for way in ways), search_type="raw")


KNOWN = """
SELECT word FROM unnest(%s::text[]) AS asked(word) WHERE EXISTS (
  SELECT FROM market_word w WHERE w.text LIKE word || '%%' )
"""

NEAR = """
SELECT word FROM market_wordpiece
WHERE piece = ANY(%(pieces)s::text[]) AND length(word) BETWEEN %(length)s - 2 AND %(length)s + 2
GROUP BY word ORDER BY 2.0 * count(*) / (length(word) + %(length)s + 2) DESC, word LIMIT %(most)s
"""
"""By how many trigrams of both they have in common: a word has one more of them than letters."""


def _readings(words: Sequence[str]) -> dict[str, list[str]]:
    """
    Return how each word is to be read: itself, and if no offer has it, what was probably meant.

    What begins a known word is known. A word that is too far from all others stays as it is.
    """
    readings = {word[:LONGEST_WORD]: [word[:LONGEST_WORD]] for word in words}
    if not readings:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [list(readings)])
        known = {word for (word,) in cursor.fetchall()}
        for word in readings.keys() - known:
            pieces, length = trigrams(word), len(word)
            cursor.execute(NEAR, {"pieces": pieces, "length": length, "most": NEAR_WORDS})
            readings[word] += meant(word, [text for (text,) in cursor.fetchall()])
    return readings
