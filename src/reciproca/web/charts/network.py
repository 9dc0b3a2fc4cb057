"""Who exchanges with whom: sectors as clusters, their exchanges as ties of different weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Protocol

from django.utils.translation import gettext

from reciproca.web.charts.drawing import DataTable, px, table
from reciproca.web.words import count

_WIDTH, _HEIGHT = 480, 330
_MIDDLE_X, _MIDDLE_Y, _ACROSS, _DOWN = 240, 165, 150, 92
_CROWD, _CROWD_ACROSS, _CROWD_DOWN = 6, 186, 116
_HUB = 15
_LEANS_FROM, _LEANS_TO = 0.15, 0.75
_SATELLITES = 12
_GOLDEN = pi * (3 - 5**0.5)


class Cluster(Protocol):
    """A sector: its `key`, its `name` and how many organisations (`size`) it holds."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...


class Tie(Protocol):
    """Exchanges between two sectors: their keys `a` and `b`, and how many (`weight`)."""

    @property
    def a(self) -> str: ...
    @property
    def b(self) -> str: ...
    @property
    def weight(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Hub:
    x: str
    y: str
    label: str
    label_x: str
    label_y: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    r: str


@dataclass(frozen=True, slots=True)
class Edge:
    path: str
    width: str
    top: bool


@dataclass(frozen=True, slots=True)
class Network:
    """The drawing, `width` by `height`; `strongest` are the three heaviest ties as words."""

    title: str
    width: int
    height: int
    edges: tuple[Edge, ...]
    spokes: str
    dots: tuple[Dot, ...]
    hubs: tuple[Hub, ...]
    strongest: tuple[tuple[str, str], ...]
    table: DataTable


def network(*, clusters: Sequence[Cluster], ties: Sequence[Tie]) -> Network | None:
    """
    Return the network of sectors, or None when there are none.

    Ties inside one sector count in the table and are not drawn. Each satellite stands for one
    organisation, up to twelve a sector.
    """
    if not clusters:
        return None
    names = {cluster.key: cluster.name for cluster in clusters}
    places = {c.key: _place(i, len(clusters)) for i, c in enumerate(clusters)}
    heaviest = sorted((t for t in ties if t.weight > 0), key=lambda t: (-t.weight, t.a, t.b))
    between = [tie for tie in heaviest if tie.a != tie.b]
    dots = [dot for cluster in clusters for dot in _satellites(cluster, places[cluster.key])]
    return Network(
        title=_title(clusters, between, names),
        width=_WIDTH,
        height=_HEIGHT,
        edges=tuple(_edge(tie, between[0], places) for tie in reversed(between)),
        spokes="".join(f"M{px(hx)} {px(hy)}L{px(x)} {px(y)}" for hx, hy, x, y, _r in dots),
        dots=tuple(Dot(px(x), px(y), px(r)) for _hx, _hy, x, y, r in dots),
        hubs=tuple(_hub(each, places[each.key], len(clusters)) for each in clusters),
        strongest=tuple((_pair(tie, names), count(tie.weight)) for tie in between[:3]),
        table=table(
            caption=gettext("Scambi fra i settori"),
            name=gettext("Settori"),
            figures=(gettext("Scambi"),),
            rows=((_pair(tie, names), count(tie.weight)) for tie in heaviest),
        ),
    )


def _title(clusters: Sequence[Cluster], between: Sequence[Tie], names: dict[str, str]) -> str:
    if not between:
        return gettext("Nessuno scambio fra settori diversi, per ora.")
    return gettext("Gli scambi più forti sono fra %(pair)s: %(n)s.") % {
        "pair": _pair(between[0], names),
        "n": count(between[0].weight),
    }


def _pair(tie: Tie, names: dict[str, str]) -> str:
    if tie.a == tie.b:
        return gettext("Dentro %(name)s") % {"name": names[tie.a]}
    return gettext("%(a)s e %(b)s") % {"a": names[tie.a], "b": names[tie.b]}


def _place(number: int, of: int) -> tuple[float, float]:
    """Return the hub's place on an ellipse, the first at the upper left."""
    if of == 1:
        return _MIDDLE_X, _MIDDLE_Y
    angle = 2 * pi * number / of - 3 * pi / 4
    # Many hubs keep apart only on a wider ring.
    across, down = (_CROWD_ACROSS, _CROWD_DOWN) if of > _CROWD else (_ACROSS, _DOWN)
    return _MIDDLE_X + across * cos(angle), _MIDDLE_Y + down * sin(angle)


def _satellites(
    cluster: Cluster, hub: tuple[float, float]
) -> list[tuple[float, float, float, float, float]]:
    """Return (hub x, hub y, x, y, radius) round the hub, at the golden angle so that none meet."""
    x, y = hub
    away = pi / 2 if y >= _MIDDLE_Y else -pi / 2
    found = []
    for i in range(min(cluster.size, _SATELLITES)):
        angle = away + 0.6 + _GOLDEN * i
        far = 36 + 28 * ((i * 7) % 5) / 4
        found.append((x, y, x + far * cos(angle), y + far * 0.82 * sin(angle), 4.0 + (i * 5) % 4))
    return found


def _hub(cluster: Cluster, place: tuple[float, float], of: int) -> Hub:
    """Return the hub, its name above or below; of many, names near the middle lean outward."""
    x, y = place
    aside = (x - _MIDDLE_X) / _CROWD_ACROSS
    leans = of > _CROWD and _LEANS_FROM < abs(aside) < _LEANS_TO
    return Hub(
        px(x),
        px(y),
        cluster.name,
        px(x + (_HUB if aside < 0 else -_HUB) * leans),
        px(y - _HUB - 9 if y < _MIDDLE_Y else y + _HUB + 21),
        ("end" if aside < 0 else "start") if leans else "middle",
    )


def _edge(tie: Tie, top: Tie, places: dict[str, tuple[float, float]]) -> Edge:
    (x0, y0), (x1, y1) = places[tie.a], places[tie.b]
    bend_x = (x0 + x1) / 2 + (_MIDDLE_X - (x0 + x1) / 2) * 0.35
    bend_y = (y0 + y1) / 2 + (_MIDDLE_Y - (y0 + y1) / 2) * 0.35
    return Edge(
        path=f"M{px(x0)} {px(y0)}Q{px(bend_x)} {px(bend_y)} {px(x1)} {px(y1)}",
        width=px(1.5 + 8 * tie.weight / top.weight),
        top=tie is top,
    )
