"""What people say about entries of the directory: these two are not one, that one is mine."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.registry.models.nodes import Node
from reciproca.shared.ids import uuid7


class NotTheSame(models.Model):
    """Somebody looked at two entries that are alike, and they are two. The lower id comes first."""

    one = models.ForeignKey(Node, models.CASCADE, related_name="+")
    other = models.ForeignKey(Node, models.CASCADE, related_name="+", db_index=False)
    noted_by = models.UUIDField(null=True)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="registry_not_the_same_once"),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")), name="registry_not_the_same_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


class Merge(models.Model):
    """
    One entry became part of another, its heir. `moved` says which rows of which table went along,
    so that they can go back; history is where it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merged = models.ForeignKey(Node, models.CASCADE, related_name="merges")
    heir = models.ForeignKey(Node, models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    merged_by = models.UUIDField(null=True)
    merged_at = models.DateTimeField()
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="registry_merged_once"
            ),
            models.CheckConstraint(
                condition=~Q(merged=F("heir")), name="registry_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.heir_id}"


class ClaimState(models.TextChoices):
    OPEN = "open", _("In attesa")
    ACCEPTED = "accepted", _("Accolta")
    REFUSED = "refused", _("Non accolta")


class Claim(models.Model):
    """A person says that they manage an organisation of the directory; an officer decides."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Node, models.CASCADE, related_name="claims")
    person = models.ForeignKey(Node, models.CASCADE, related_name="+")
    words = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=ClaimState, default=ClaimState.OPEN)
    claimed_at = models.DateTimeField(db_default=Now())
    answer = models.CharField(max_length=300, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(state="open"),
                name="registry_one_open_claim",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False),
                name="registry_claim_decided_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} claims {self.organisation_id}"
