"""What is put to the vote: motions, the versions of their text, and each ballot on one."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.models.meeting import Item
from reciproca.shared.ids import uuid7


class MotionKind(models.TextChoices):
    RESOLUTION = "resolution", _("Una delibera")
    POLICY = "policy", _("Dei criteri, proprio in quel testo")
    ELECTION = "election", _("L’elezione di una persona")


class Motion(models.Model):
    """
    Something to decide at a point of the agenda.

    `text_number` is the version that is put to the vote. A policy is named by its hash: it has no
    other text. A `majority` is kept where the motion needs another than the statute's simple one:
    at least that share.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="motions", db_index=False)
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=10, choices=MotionKind)
    title = models.CharField(max_length=200)
    secret = models.BooleanField()
    majority = models.CharField(max_length=40, blank=True)
    policy = models.ForeignKey(
        "governance.Policy", models.PROTECT, null=True, related_name="motions"
    )
    seats = models.SmallIntegerField(default=1)
    text_number = models.SmallIntegerField(default=1)
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="assemblies_motion_once"),
            models.CheckConstraint(
                condition=Q(kind="policy", policy__isnull=False)
                | (~Q(kind="policy") & Q(policy=None)),
                name="assemblies_policy_motion_names_it",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Candidate(models.Model):
    """A person who stands in an election."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="candidates", db_index=False)
    person = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["motion", "person"], name="assemblies_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.motion_id}"


class MotionText(models.Model):
    """
    One version of a motion's text: the first as proposed, later ones are amendments. Append-only.

    An amendment is written over the version `base`; once another was accepted it is out of date.
    """

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="texts", db_index=False)
    number = models.SmallIntegerField()
    base = models.SmallIntegerField()
    text = models.TextField()
    reason = models.CharField(max_length=300, blank=True)
    proposed_for = models.ForeignKey("registry.Node", models.PROTECT, null=True, related_name="+")
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["motion", "number"], name="assemblies_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id} {self.number}"


class MotionBallot(models.Model):
    """
    A version of a motion was put to the vote, with so many of the entitled votes there.

    `void_because` says why its votes count for nothing: the text changed after it was opened.
    """

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="ballots")
    text = models.ForeignKey(MotionText, models.PROTECT, related_name="+")
    ballot = models.OneToOneField("ballots.Ballot", models.PROTECT, related_name="+")
    in_advance = models.BooleanField()
    present_votes = models.IntegerField()
    entitled_votes = models.IntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    void_because = models.CharField(max_length=300, blank=True)
    resolution = models.OneToOneField(
        "governance.Resolution", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["motion"],
                condition=Q(closed_at=None),
                name="assemblies_one_open_ballot",
            ),
            models.CheckConstraint(
                condition=Q(void_because="") | Q(closed_at__isnull=False, resolution=None),
                name="assemblies_void_decides_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id} {self.opened_at}"
