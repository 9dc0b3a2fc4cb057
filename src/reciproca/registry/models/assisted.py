"""What somebody at a cooperative's desk did for a person who asked for it, and who checked it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reciproca.registry.models.nodes import Node
from reciproca.shared.ids import uuid7


class AssistedKind(models.TextChoices):
    """What can be done for somebody, in the words of their own history."""

    ADMISSION = "admission", _("la domanda per entrare")
    APPLICATION = "application", _("la domanda per entrare in un’altra cooperativa")
    CARD_PRINTED = "card-printed", _("la carta stampata")
    NEW_CARD = "new-card", _("una carta nuova, al posto di quella persa")
    PIN = "pin", _("il PIN della carta")
    DETAILS = "details", _("i recapiti")
    EMAIL = "email", _("la prima e-mail")
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


class DeskCheck(models.Model):
    """
    An act by which somebody could spend for a person, done without proof that the person was there:
    worth nothing until another one of the desk has confirmed it.

    `paper` is the number of the form that the person signed; `confirmed` is null while it waits.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    act = models.OneToOneField(AssistedAct, models.PROTECT, related_name="check_asked")
    organisation = models.ForeignKey(Node, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False)
    paper = models.CharField(max_length=40, blank=True)
    confirmed = models.BooleanField(null=True)
    decided_by = models.ForeignKey(
        Node, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")), name="registry_desk_checked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(confirmed=None, decided_by=None, decided_at=None)
                | Q(confirmed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="registry_desk_check_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"check of {self.act_id}"


class DeskDispute(models.Model):
    """A person says that they never asked for what was done for them at a desk. Append-only."""

    act = models.OneToOneField(AssistedAct, models.PROTECT, related_name="dispute")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"dispute of {self.act_id}"
