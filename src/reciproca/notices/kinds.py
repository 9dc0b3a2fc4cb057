"""
What can be told, and under which topic people choose how to hear of it.

A room registers its topics and kinds when it is loaded; the sentences are its own:

    MEMBERSHIP = topic(name="membership", title=_("La tua iscrizione alle cooperative"))
    ADMITTED = kind(name="admitted", topic=MEMBERSHIP, sentence=_("%(cooperative)s ti ammette."))
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import get_language

from reciproca.shared.money import format_euro_here


@dataclass(frozen=True, slots=True)
class Topic:
    """What people choose about: by mail at once, in the digest, or never."""

    name: str
    title: str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One thing that can be told; `sentence` has `%(name)s` where a param belongs.

    What is `due` to people by law is mailed at once, whatever they chose for its topic.
    """

    name: str
    topic: Topic
    sentence: str | Promise
    due: bool = False


_topics: dict[str, Topic] = {}
_kinds: dict[str, Kind] = {}


def topic(*, name: str, title: str | Promise) -> Topic:
    """Register a topic; it appears on the preferences page."""
    assert name not in _topics, f"two topics are called {name}"
    _topics[name] = Topic(name=name, title=title)
    return _topics[name]


def kind(*, name: str, topic: Topic, sentence: str | Promise, due: bool = False) -> str:
    """Register a kind and return its name, which `actions.tell` takes."""
    assert name not in _kinds, f"two kinds of notice are called {name}"
    _kinds[name] = Kind(name=name, topic=topic, sentence=sentence, due=due)
    return name


def topics() -> list[Topic]:
    """Return every topic, in the order in which rooms registered them."""
    return list(_topics.values())


def kind_of(name: str) -> Kind:
    """Return a registered kind; a name that nobody registered is a mistake of ours (KeyError)."""
    return _kinds[name]


def kinds_of(topic_name: str) -> list[str]:
    """Return the names of the kinds of a topic."""
    return [each.name for each in _kinds.values() if each.topic.name == topic_name]


def sentence(*, kind: str, params: Mapping[str, object]) -> str:
    """
    Return what a notice says, in the language of this moment.

    Params ending `_cents` are read as euro cents, those ending `_on` as ISO dates.
    """
    shown = {name: _shown(name, value) for name, value in params.items()}
    return str(_kinds[kind].sentence) % shown


def _shown(name: str, value: object) -> str:
    english = (get_language() or "it").startswith("en")
    if name.endswith("_cents"):
        assert isinstance(value, int)
        return format_euro_here(value)
    if name.endswith("_on"):
        day = date.fromisoformat(str(value))
        return format_date(day, "d MMMM y", locale="en" if english else "it")
    return str(value)
