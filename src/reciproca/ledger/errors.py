"""Why the ledger says no."""

import json

import psycopg
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

RULE_BROKEN = "RL001"


class PostingRefused(DomainError):
    """
    A rule of the ledger would break. `params`: rule, account, balance, lowest, highest (cents or
    minutes).
    """

    code = "posting-refused"
    message = _(
        "Questo movimento non si può registrare: il conto %(account)s non lo permette (%(rule)s)."
    )


class FloorReached(PostingRefused):
    code = "floor-reached"
    message = _("Su questo conto non c’è abbastanza: ci sono %(balance)s, ne servono di più.")


class CeilingReached(PostingRefused):
    code = "ceiling-reached"
    message = _("Questo conto è già al suo massimo: %(balance)s.")


def refusal_of(error: DatabaseError) -> Exception:
    """Return the refusal that the database means, or the error itself if it means none."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error) or cause.sqlstate != RULE_BROKEN:
        return error
    detail = json.loads(cause.diag.message_detail or "{}")
    kinds = {"floor-reached": FloorReached, "ceiling-reached": CeilingReached}
    return kinds.get(detail.get("rule"), PostingRefused)(**detail)


class ContentDiffers(DomainError):
    """The same transfer ids were posted before with other content."""

    code = "content-differs"
    message = _("Questo movimento è già stato registrato con un contenuto diverso.")


class ReservationOver(DomainError):
    """`params`: reservation."""

    code = "reservation-over"
    message = _("Questo importo non è più riservato: ricomincia dall’inizio.")


class MoreThanReserved(DomainError):
    """`params`: reservation, reserved, asked (cents or minutes)."""

    code = "more-than-reserved"
    message = _("Sono riservati %(reserved)s: non se ne possono prendere %(asked)s.")
    status = 422
