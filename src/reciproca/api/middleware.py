"""
What a program asks goes a short way: nothing that belongs to pages stands before its endpoint.

See docs/decisions/0038-a-short-way-for-programs.md.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.core.exceptions import BadRequest
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.translation import activate, get_language_from_request
from django.utils.translation import gettext_lazy as _

ROOT = "/api/"
NUL = "%00"
SHOWS_NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""What a browser may do with an answer that is no page."""

SENTENCES = {
    HTTPStatus.BAD_REQUEST: _("Questa richiesta non si legge: controlla l’indirizzo."),
    HTTPStatus.NOT_FOUND: _("Questo indirizzo non c’è: l’elenco è in /api/v1/openapi.json."),
    HTTPStatus.METHOD_NOT_ALLOWED: _("Questo indirizzo vuole un altro metodo."),
}
FAULT = _("Qualcosa si è rotto, da parte nostra: manda di nuovo la stessa richiesta.")

GetResponse = Callable[[HttpRequest], HttpResponse]


def api_middleware(get_response: GetResponse) -> GetResponse:
    """
    Answer programs at once; what comes after this in the settings is for pages.

    A program says who it is with its key, endpoint by endpoint: it has no session, and no other
    site can ask in its name. Its language is the one that it asks for, or the community's.
    """
    answer = cast(GetResponse, convert_exception_to_response(_answer))

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return get_response(request)
        language = get_language_from_request(request)
        activate(language)
        response = answer(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST and not _is_json(response):
            _say(response)
        response["Content-Language"] = language
        response["Content-Length"] = str(len(response.content))
        response["Content-Security-Policy"] = SHOWS_NOTHING
        response["Vary"] = "Accept-Language"
        return response

    return middleware


def refuse_nul(request: HttpRequest) -> None:
    """Refuse a query with a NUL: nobody asks for such a thing, and the database cannot look."""
    if NUL in request.META.get("QUERY_STRING", ""):
        raise BadRequest


def _answer(request: HttpRequest) -> HttpResponse:
    # An address of another host is refused, as pages do.
    request.get_host()
    refuse_nul(request)
    request.resolver_match = match = resolve(request.path_info)
    return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))


def _is_json(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith("application/json")


def _say(response: HttpResponse) -> None:
    """Give what no endpoint answered (no such address, a fault) the shape of every refusal."""
    status = HTTPStatus(response.status_code)
    code = status.phrase.lower().replace(" ", "-")
    response["Content-Type"] = "application/json"
    response.content = json.dumps({"code": code, "message": str(SENTENCES.get(status, FAULT))})
