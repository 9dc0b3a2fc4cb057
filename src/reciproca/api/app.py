"""The one NinjaAPI: who calls, what a refusal looks like, and which rooms answer."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from reciproca.api.auth import OrganisationKey
from reciproca.api.log import router as log
from reciproca.purchases.api import router as purchases
from reciproca.registry.api import router as registry
from reciproca.registry.queries import KeyUnknown
from reciproca.shared.errors import DomainError
from reciproca.valueback.api import router as valueback

# The page of the documentation that ninja brings fetches its scripts from elsewhere; ours is
# docs/api.md, and any tool reads the published OpenAPI document.
api = NinjaAPI(
    title="Reciproca",
    version="1",
    description="Record purchases, give them back, read policies and the directory.",
    docs_url=None,
    auth=OrganisationKey(),
    urls_namespace="api",
)
api.add_router("", purchases)
api.add_router("", registry)
api.add_router("", valueback)
api.add_router("", log)


class BodyRefused(DomainError):
    code = "body-refused"
    message = _("Questi dati non si leggono: controlla %(fields)s.")
    status = 422


class BodyUnreadable(DomainError):
    code = "body-unreadable"
    message = _("Il corpo della richiesta non è JSON: controllalo e mandalo di nuovo.")
    status = 400


@api.exception_handler(DomainError)
def refuse(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """
    Answer every expected refusal with its status, its code for machines and its sentence for
    people.
    """
    return api.create_response(request, refusal.as_dict(), status=refusal.status)


@api.exception_handler(ValidationError)
def refuse_body(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the fields that cannot be read, in the shape of every other refusal."""
    fields = sorted({".".join(str(step) for step in each["loc"][1:]) for each in error.errors})
    return refuse(request, BodyRefused(fields=", ".join(fields)))


@api.exception_handler(AuthenticationError)
def refuse_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Say that no key came, or one that opens nothing: the same answer."""
    return refuse(request, KeyUnknown())


@api.exception_handler(HttpError)
def refuse_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Refuse what ninja cannot parse before any field is looked at."""
    return refuse(request, BodyUnreadable())
