"""Where the built front end put each file: Vite's manifest, read once per build."""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

MANIFEST = Path(__file__).resolve().parent / "assets" / "manifest.json"
COMMON = (".woff2", ".svg")
"""Files that every page asks for, whatever its style and script."""


def asset_url(name: str) -> str:
    """
    Return the address of a built file, by the name it has in the sources.

    `main.js`, `main.css`, `icons.svg`, a font's file name: what comes before the hash.

    Raises: ImproperlyConfigured (the front end is not built, or holds no such file).
    """
    return static(_built_file(name))


def urls_needed_by(names: Iterable[str]) -> list[str]:
    """
    Return the addresses of all that a page with these files asks for: itself, what its scripts
    import, now or later, and the faces and icons of every page.
    """
    entries = _entries(*_manifest())
    waiting = [source for source in entries if PurePosixPath(source).name in names]
    seen: set[str] = set()
    while waiting:
        source = waiting.pop()
        if source not in seen:
            seen.add(source)
            entry = entries[source]
            waiting += [*entry.get("imports", ()), *entry.get("dynamicImports", ())]
    files = {_built_file(name) for name in names} | {entries[source]["file"] for source in seen}
    files |= {entry["file"] for entry in entries.values() if entry["file"].endswith(COMMON)}
    return sorted(static(file) for file in files)


def service_worker_source() -> str:
    """Return the built text of the service worker."""
    manifest, _built_at = _manifest()
    return manifest.with_name(_built_file("sw.js")).read_text()


def _built_file(name: str) -> str:
    try:
        return _built_files(*_manifest())[name]
    except KeyError as missing:
        raise ImproperlyConfigured(f"The built front end holds no “{name}”.") from missing


def _manifest() -> tuple[Path, int]:
    """
    Return the manifest of the files that are served, those collected when `serve` began, and when
    it was written.

    A later build has other names, which nobody serves before the next start.
    """
    collected = Path(settings.STATIC_ROOT) / MANIFEST.name
    use_built = settings.WHITENOISE_USE_FINDERS or not collected.exists()
    manifest = MANIFEST if use_built else collected
    try:
        return manifest, manifest.stat().st_mtime_ns
    except FileNotFoundError as missing:
        raise ImproperlyConfigured("The front end is not built: run `make setup`.") from missing


@lru_cache(maxsize=2)
def _entries(manifest: Path, built_at: int) -> dict[str, dict[str, Any]]:
    """Return the manifest of that moment; a new one is seen at once."""
    entries: dict[str, dict[str, Any]] = json.loads(manifest.read_text())
    return entries


@lru_cache(maxsize=2)
def _built_files(manifest: Path, built_at: int) -> dict[str, str]:
    """Return path by name for the manifest of that moment."""
    files: dict[str, str] = {}
    for source, entry in _entries(manifest, built_at).items():
        name = PurePosixPath(source)
        files[name.name] = entry["file"]
        for style in entry.get("css", ()):
            files[name.with_suffix(".css").name] = style
    return files
