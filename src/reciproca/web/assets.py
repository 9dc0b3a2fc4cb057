"""Where the built front end put each file: Vite's manifest, read once per build."""

import json
from functools import lru_cache
from pathlib import Path, PurePosixPath

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

MANIFEST = Path(__file__).resolve().parent / "assets" / "manifest.json"


def asset_url(name: str) -> str:
    """
    Return the address of a built file, by the name it has in the sources.

    `main.js`, `main.css`, `icons.svg`, a font's file name: what comes before the hash.

    Raises: ImproperlyConfigured (the front end is not built, or holds no such file).
    """
    try:
        built_at = MANIFEST.stat().st_mtime_ns
    except FileNotFoundError as missing:
        raise ImproperlyConfigured("The front end is not built: run `make setup`.") from missing
    try:
        return static(_built_files(built_at)[name])
    except KeyError as missing:
        raise ImproperlyConfigured(f"The built front end holds no “{name}”.") from missing


@lru_cache(maxsize=2)
def _built_files(built_at: int) -> dict[str, str]:
    """Return path by name for the manifest of that moment; a new build is seen at once."""
    files: dict[str, str] = {}
    for source, entry in json.loads(MANIFEST.read_text()).items():
        name = PurePosixPath(source)
        files[name.name] = entry["file"]
        for style in entry.get("css", ()):
            files[name.with_suffix(".css").name] = style
    return files
