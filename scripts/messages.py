"""
The English catalogue: `messages.py check` names what it lacks, `messages.py update` adds it empty.

Italian sentences are taken from Python and templates with Babel and Django's own `templatize`, so
that nobody needs the gettext programs.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path("src/reciproca")
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"

KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], None),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}


def main(mode: str) -> int:
    """Check or update the catalogue; return what the program ends with."""
    settings.configure(USE_I18N=False)
    found, known = sentences(), read_catalogue()
    if mode == "update":
        return update(found, known)
    missing = [message for message in found if message.id and not is_translated(message, known)]
    for message in missing:
        file, line = message.locations[0]
        print(f"{file}:{line}: no English for {message.id!r}")
    return 1 if missing else 0


def update(found: Catalog, known: Catalog) -> int:
    """Write the catalogue with every sentence in use: old translations stay, unused ones go."""
    known.update(found, no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    for message in known:
        # Without lines the order is by file alone: moving code moves no translation.
        message.locations = [(file, 0) for file in dict(message.locations)]
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, known, sort_by_file=True, include_lineno=False, width=100)
    empty = sum(1 for message in known if message.id and not message.string)
    print(f"{CATALOGUE}: {len(known)} sentences, {empty} without English")
    return 0


def sentences() -> Catalog:
    """Return every sentence of the application, with the files that say it."""
    catalogue = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for path in sorted(sources()):
        code = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            code = templatize(code)
        for line, found, comments, context in extract(
            "python", io.BytesIO(code.encode()), keywords=KEYWORDS, comment_tags=["Translators:"]
        ):
            if found not in ("", ("", "")):
                catalogue.add(
                    found,
                    locations=[(str(path), line)],
                    auto_comments=comments,
                    context=context,
                )
    return catalogue


def sources() -> Iterator[Path]:
    """Yield the files that hold sentences; tests and migrations say nothing to people."""
    for pattern in ("*.py", "*.html", "*.txt"):
        for path in PACKAGE.rglob(pattern):
            if not {"tests", "migrations", "assets"} & set(path.parts):
                yield path


def read_catalogue() -> Catalog:
    """Return the English catalogue as it stands, an empty one when there is none."""
    if not CATALOGUE.exists():
        return Catalog(locale="en", charset="utf-8", project="Reciproca", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def is_translated(message: Message, known: Catalog) -> bool:
    """Tell whether every form of the sentence has its English."""
    translation = known.get(message.id, message.context)
    if translation is None or translation.fuzzy:
        return False
    forms = translation.string
    return all(forms) if isinstance(forms, tuple | list) else bool(forms)


if __name__ == "__main__":
    if sys.argv[1:] not in (["check"], ["update"]):
        sys.exit("usage: messages.py check|update")
    sys.exit(main(sys.argv[1]))
