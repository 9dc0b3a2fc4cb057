"""The one way in which Reciproca says no."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """
    An expected refusal: a stable `code` for machines and a sentence for people.

    A subclass stands beside the function that raises it and sets `code`, `message` (lazily
    translated, with `%(name)s` where a figure belongs) and, where 409 is wrong, `status`, the
    HTTP answer. The figures are passed by name: `raise NotSpendable(spendable="3,20 €")`.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = _("Non si può fare adesso. Controlla i dati e riprova.")
    status: ClassVar[int] = 409

    def __init__(self, **params: object) -> None:
        super().__init__()
        self.params = params

    def __str__(self) -> str:
        # Without params the sentence is used as it is, so that it may hold a bare percent sign.
        sentence = str(self.message)
        return sentence % self.params if self.params else sentence

    def as_dict(self) -> dict[str, str]:
        """Return `{"code", "message"}`, the body of every refusal of the API."""
        return {"code": self.code, "message": str(self)}
