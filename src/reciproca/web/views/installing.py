"""What a phone needs to keep Reciproca among its applications."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from reciproca.registry import queries as registry
from reciproca.web.assets import asset_url

PAPER = "#fbf8f3"
ICONS = (
    ("icon-192.png", 192, "any"),
    ("icon-512.png", 512, "any"),
    ("icon-maskable.png", 512, "maskable"),
)


@require_safe
@vary_on_cookie
@cache_control(max_age=3_600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Return the web application's manifest (W3C), in the page's language."""
    community = registry.community()
    name = community.name if community else "Reciproca"
    card = {"name": _("La tua carta"), "url": reverse("web:phone_card")}
    return JsonResponse(
        {
            "id": "/",
            "name": name,
            "short_name": "Reciproca",
            "description": _("Il valore che una comunità crea resta nella comunità."),
            "lang": get_language(),
            "start_url": reverse("web:home"),
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [
                {
                    "src": asset_url(file),
                    "sizes": f"{pixels}x{pixels}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for file, pixels, purpose in ICONS
            ],
            "shortcuts": [card],
        },
        content_type="application/manifest+json",
    )
