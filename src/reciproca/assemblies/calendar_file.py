"""Both calls of an assembly for anybody's calendar (iCalendar, RFC 5545)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from reciproca.assemblies.models import Assembly

LASTS = timedelta(hours=2)


def calendar_file(assembly: Assembly, /, *, url: str) -> bytes:
    """Return a file with an event for each call; `url` is the page that says more."""
    calendar = Calendar()
    calendar.add("prodid", "-//Reciproca//IT")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calls = [(1, assembly.first_call_at, _("prima convocazione"))]
    if assembly.second_call_at:
        calls.append((2, assembly.second_call_at, _("seconda convocazione")))
    for number, at, words in calls:
        calendar.add_component(_event(assembly, number, at, words, url))
    written: bytes = calendar.to_ical()
    return written


def _event(assembly: Assembly, number: int, at: datetime, words: str, url: str) -> Event:
    event = Event()
    # The same each time it is fetched, so that a calendar keeps one entry of each call.
    event.add("uid", f"{assembly.pk}-{number}@reciproca")
    event.add("dtstamp", assembly.called_at)
    event.add("dtstart", at)
    event.add("dtend", at + LASTS)
    event.add("summary", f"{assembly.body.name}, {words}")
    event.add("description", f"{assembly.title}\n{url}")
    event.add("location", assembly.place or assembly.link)
    event.add("url", url)
    return event
