"""Decisions: what a body resolved, the policy documents it adopted, and from when they hold."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from reciproca.shared.ids import uuid7


class Resolution(models.Model):
    """
    A decision of a body: voted here, by the `ballot` of this id, or taken outside this software and
    recorded with its protocol number and its minutes.

    A voted one may name the `policy` that it adopts: exactly that text and no other.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    body = models.ForeignKey("registry.Node", models.PROTECT, related_name="resolutions")
    title = models.CharField(max_length=200)
    adopted_on = models.DateField()
    protocol_number = models.CharField(max_length=60)
    document = models.ForeignKey("shared.Document", models.PROTECT, null=True, related_name="+")
    ballot = models.UUIDField(null=True, unique=True)
    text = models.TextField(blank=True, db_default="")
    policy = models.ForeignKey("Policy", models.PROTECT, null=True, related_name="resolutions")
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "protocol_number", "adopted_on"],
                name="governance_resolution_recorded_once",
            ),
            models.CheckConstraint(
                condition=Q(ballot__isnull=False) | Q(policy=None, text=""),
                name="governance_text_was_voted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol_number} {self.adopted_on}"


class Policy(models.Model):
    """A policy as data: RFC 8785 canonical JSON, named by the SHA-256 of that very text."""

    digest = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    document = models.TextField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"


class Adoption(models.Model):
    """
    From `in_force_on` this policy runs, because a body resolved so and somebody confirmed that it
    lawfully may.

    What a ballot adopted is the policy that its resolution names, once: the second is refused by a
    constraint, any other policy by a trigger (0004).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="adoptions")
    kind = models.CharField(max_length=40)
    in_force_on = models.DateField()
    adopted_by = models.CharField(max_length=12, default="external")
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="adoptions")
    legal_basis = models.TextField()
    legal_basis_confirmed_by = models.CharField(max_length=200)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "in_force_on"], name="governance_one_policy_begins_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(legal_basis="") & ~Q(legal_basis_confirmed_by=""),
                name="governance_adoption_has_legal_basis",
            ),
            models.UniqueConstraint(
                fields=["resolution"],
                condition=Q(adopted_by="ballot"),
                name="governance_voted_policy_begins_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.in_force_on}"
