"""Programs are answered in JSON even where a person would get a page."""

import json
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

ROOT = "/api/"
SENTENCES = {
    HTTPStatus.BAD_REQUEST: _("Questa richiesta non si legge: controlla l’indirizzo."),
    HTTPStatus.NOT_FOUND: _("Questo indirizzo non c’è: l’elenco è in /api/v1/openapi.json."),
    HTTPStatus.METHOD_NOT_ALLOWED: _("Questo indirizzo vuole un altro metodo."),
}
FAULT = _("Qualcosa si è rotto, da parte nostra: manda di nuovo la stessa richiesta.")

GetResponse = Callable[[HttpRequest], HttpResponse]


def json_middleware(get_response: GetResponse) -> GetResponse:
    """Give what no endpoint answered (no such address, a fault) the shape of every refusal."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_json = response.get("Content-Type", "").startswith("application/json")
        if request.path.startswith(ROOT) and response.status_code >= 400 and not is_json:
            _say(response)
        return response

    return middleware


def _say(response: HttpResponse) -> None:
    """Put code and sentence in the place of a page."""
    status = HTTPStatus(response.status_code)
    code = status.phrase.lower().replace(" ", "-")
    response["Content-Type"] = "application/json"
    response.content = json.dumps({"code": code, "message": str(SENTENCES.get(status, FAULT))})
