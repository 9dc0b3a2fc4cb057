"""
Who is answered at a till: a device that was paired, and the operator who unlocked it.

Pages of other hosts cannot call these addresses: a browser lets no foreign page add the header
`X-Till`, and says itself where a request comes from.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reciproca.shared.errors import DomainError
from reciproca.tills.access import DeviceHere, OperatorHere, device_of, operator_of
from reciproca.tills.errors import BodyRefused, NotFromHere
from reciproca.tills.forms import S, read_body

COOKIE = "till"
COOKIE_PATH = "/till/"
COOKIE_SECONDS = 400 * 24 * 3600
OPERATOR_HEADER = "X-Till-Operator"

P = ParamSpec("P")
Method = Literal["GET", "POST"]


class DeviceCall:
    """A request of a device; `operator` is None where none is needed."""

    def __init__(self, request: HttpRequest, *, with_operator: bool) -> None:
        self.request = request
        self.now: datetime = timezone.now()
        self.device: DeviceHere = device_of(token=request.COOKIES.get(COOKIE, ""), seen_at=self.now)
        self._operator = with_operator and operator_of(
            token=request.headers.get(OPERATOR_HEADER, ""), device=self.device, now=self.now
        )

    @property
    def operator(self) -> OperatorHere:
        """Return who stands at the device, where the gate asked for one."""
        assert self._operator
        return self._operator

    def body(self, shape: type[S]) -> S:
        """Return what was sent. Raises: BodyRefused."""
        return read_body(shape, self.request.body)


Answer = Callable[Concatenate[DeviceCall, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def at_till(
    *, operator: bool = True, post: bool = False
) -> Callable[[Answer[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Let a paired device call this, and by default only with somebody who unlocked it."""

    def wrap(answer: Answer[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(answer)
        def gated(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return answer(DeviceCall(request, with_operator=operator), *args, **kwargs)

        return json_view(*(("POST",) if post else ("GET", "HEAD")))(gated)

    return wrap


def json_view(
    *methods: str,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Answer in JSON, refusals too; whatever changes something comes from our own page."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @require_http_methods(methods)
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method == "POST":
                    check_origin(request)
                response = view(request, *args, **kwargs)
            except DomainError as refusal:
                response = refused(refusal)
            except RequestDataTooBig:
                response = refused(BodyRefused(fields="body"))
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        return answered

    return wrap


def by_method(**views: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a view that answers each method by its own one."""

    @csrf_exempt
    @require_http_methods([*views, *(["HEAD"] if "GET" in views else [])])
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else str(request.method)
        return views[method](request, *args, **kwargs)

    return answered


def check_origin(request: HttpRequest) -> None:
    """Refuse what another host's page made a browser send. Raises: NotFromHere."""
    if request.headers.get("X-Till") != "1":
        raise NotFromHere
    # Browsers say this only where a connection is trusted (https, localhost).
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise NotFromHere


def refused(refusal: DomainError) -> JsonResponse:
    """Answer a refusal: its code, its sentence, and the figures that stand in it."""
    figures = {
        name: value for name, value in refusal.params.items() if isinstance(value, int | dict)
    }
    return JsonResponse(figures | refusal.as_dict(), status=refusal.status)


def keep_token(response: HttpResponse, *, token: str, secure: bool) -> None:
    """Let the browser keep what pairs it with a till."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_SECONDS,
        path=COOKIE_PATH,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )
