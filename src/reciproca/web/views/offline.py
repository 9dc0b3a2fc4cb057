"""
What a browser keeps for when there is no network: the service worker, and the page that it shows.

Only shells are kept, pages in which there is nothing of a person. To keep one more, name it in
`SHELLS`; its page asks for it by itself, so that nobody fetches a shell they never open.
"""

import json
from collections.abc import Mapping
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reciproca.web.assets import service_worker_source, urls_needed_by

OFFLINE = "/offline/"
SHELLS: Mapping[str, tuple[str, ...]] = {
    OFFLINE: ("main.css", "main.js"),
    "/card/phone/": ("main.css", "main.js"),
    "/till/": ("main.css", "till.css", "till.js"),
}
"""The address of each shell, and the built files that it asks for."""


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no network; the service worker shows it in the place of any other page."""
    return render(request, "web/offline.html")


@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Serve the service worker, with what it may keep written before it; asked anew each time."""
    source = service_worker_source()
    shells = {path: urls_needed_by(names) for path, names in SHELLS.items()}
    kept = {"offline": OFFLINE, "assets": f"{settings.STATIC_URL}assets/", "shells": shells}
    version = sha256(f"{json.dumps(kept)}{source}".encode()).hexdigest()[:16]
    text = f"const KEPT = {json.dumps(kept | {'version': version})};\n{source}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response
