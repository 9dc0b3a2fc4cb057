"""
Who may open a page, in one place.

A stranger is sent to sign in; whoever may not see a page gets the answer of a page that does not
exist. The API has its own gate (`api.auth`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from reciproca.shared.types import MemberRequest, Role

P = ParamSpec("P")
Page = Callable[Concatenate[MemberRequest, P], HttpResponseBase]
Opened = Callable[Concatenate[Any, P], HttpResponseBase]

EVERYBODY_KNOWN: tuple[Role, ...] = ("member", "till", "manager", "officer")


def role_required(*roles: Role) -> Callable[[Page[P]], Opened[P]]:
    """Let only these roles open a page: `@role_required("manager", "officer")`."""

    def wrap(page: Page[P]) -> Opened[P]:
        @wraps(page)
        def gated(request: MemberRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.actor.user_id is None:
                return redirect_to_login(_where_to_come_back(request))
            if request.actor.role not in roles:
                raise Http404
            return page(request, *args, **kwargs)

        # For the URL resolver, which knows plain requests: the middleware gave this one its actor.
        return cast(Opened[P], gated)

    return wrap


known_required = role_required(*EVERYBODY_KNOWN)
"""Let everybody who has signed in open a page, in whatever role."""


def _where_to_come_back(request: HttpRequest) -> str:
    """After signing in a form cannot be sent again: its page is where to go on from."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else "/"
