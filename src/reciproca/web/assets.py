"""Where the built front end put each file: Vite's manifest, read once per build."""

import json
from functools import lru_cache
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

MANIFEST = Path(__file__).resolve().parent / "assets" / "manifest.json"


def asset_url(name: str) -> str:
    """
    Return the address of a built file, by the name it has in the sources.

    `main.js`, `main.css`, `icons.svg`, a font's file name: what comes before the hash.

    Raises: ImproperlyConfigured (the front end is not built, or holds no such file).
    """
    manifest = _manifest()
    try:
        built_at = manifest.stat().st_mtime_ns
    except FileNotFoundError as missing:
        raise ImproperlyConfigured("The front end is not built: run `make setup`.") from missing
    try:
        return static(_built_files(manifest, built_at)[name])
    except KeyError as missing:
        raise ImproperlyConfigured(f"The built front end holds no “{name}”.") from missing


def _manifest() -> Path:
    """
    Return the manifest of the files that are served: those collected when `serve` began.

    A later build has other names, which nobody serves before the next start.
    """
    collected = Path(settings.STATIC_ROOT) / MANIFEST.name
    return MANIFEST if settings.WHITENOISE_USE_FINDERS or not collected.exists() else collected


@lru_cache(maxsize=2)
def _built_files(manifest: Path, built_at: int) -> dict[str, str]:
    """Return path by name for the manifest of that moment; a new one is seen at once."""
    files: dict[str, str] = {}
    for source, entry in json.loads(manifest.read_text()).items():
        name = PurePosixPath(source)
        files[name.name] = entry["file"]
        for style in entry.get("css", ()):
            files[name.with_suffix(".css").name] = style
    return files
