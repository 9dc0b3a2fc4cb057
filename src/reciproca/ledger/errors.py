"""Why the ledger says no."""

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


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


class ContentDiffers(DomainError):
    """The same transfer ids were posted before with other content."""

    code = "content-differs"
    message = _("Questo movimento è già stato registrato con un contenuto diverso.")
