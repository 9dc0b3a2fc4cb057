"""What somebody at a cooperative's desk did for a person who asked for it there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reciproca.registry.models.nodes import Node


class AssistedKind(models.TextChoices):
    """What can be done for somebody, in the words of their own history."""

    ADMISSION = "admission", _("la domanda per entrare")
    APPLICATION = "application", _("la domanda per entrare in un’altra cooperativa")
    CARD_PRINTED = "card-printed", _("la carta stampata")
    NEW_CARD = "new-card", _("una carta nuova, al posto di quella persa")
    PIN = "pin", _("il PIN della carta")
    DETAILS = "details", _("i recapiti")
    GIFT = "gift", _("un dono a un progetto")
    STATEMENT = "statement", _("l’estratto dell’anno stampato")


class AssistedAct(models.Model):
    """An act done for a person at a desk: by whom, for which organisation. Append-only."""

    person = models.ForeignKey(Node, models.PROTECT, related_name="assisted_acts", db_index=False)
    organisation = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False)
    operator = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=20, choices=AssistedKind)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="registry_assisted_latest")]

    def __str__(self) -> str:
        return f"{self.what} for {self.person_id}"
