"""Bodies that decide, their statute, who sits in them and who has more than one vote."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.shared.ids import uuid7


class BodyKind(models.TextChoices):
    ASSEMBLY = "assembly", _("Assemblea")
    BOARD = "board", _("Consiglio")
    COMMITTEE = "committee", _("Comitato")


class ElectorateChoice(models.TextChoices):
    MEMBERS = "members", _("I soci nel libro soci")
    PEOPLE = "people", _("Ogni persona socia di una cooperativa della comunità")
    SEATS = "seats", _("Le persone che ne fanno parte")


class Body(models.Model):
    """Who decides for an organisation: its members in assembly, a board, a committee."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    node = models.ForeignKey("registry.Node", models.PROTECT, related_name="bodies")
    kind = models.CharField(max_length=10, choices=BodyKind)
    name = models.CharField(max_length=120)
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "name"], name="assemblies_body_named_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Statute(models.Model):
    """
    What a body's statute says of its meetings from a day on. Append-only: what was written wrongly
    is followed by a right line of the same day, and the latest counts.

    Shares are fractions as text, `n` or `n/d`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="statutes")
    in_force_on = models.DateField()
    source = models.CharField(max_length=300)
    electorate = models.CharField(max_length=10, choices=ElectorateChoice)
    joint_stock = models.BooleanField()
    first_quorum = models.CharField(max_length=40)
    second_quorum = models.CharField(max_length=40)
    majority_of_present = models.BooleanField()
    notice_days = models.SmallIntegerField()
    most_mandates = models.SmallIntegerField()
    most_votes = models.SmallIntegerField()
    remote = models.BooleanField()
    remote_ground = models.CharField(max_length=300, blank=True)
    advance_votes = models.BooleanField()
    secret_for_persons = models.BooleanField()
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(notice_days__gte=0, most_mandates__gte=0, most_votes__gte=1),
                name="assemblies_statute_counts",
            ),
            models.CheckConstraint(
                condition=Q(remote=False) | ~Q(remote_ground=""),
                name="assemblies_remote_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(electorate="members") | Q(most_votes=1),
                name="assemblies_one_head_one_vote",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} from {self.in_force_on}"


class Seat(models.Model):
    """A person sits in a board or committee from a day to a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="seats")
    person = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person"],
                condition=Q(ends_on=None),
                name="assemblies_one_seat_each",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="assemblies_seat_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.body_id}"


class PluralVote(models.Model):
    """How many votes a member of a body has from a day on, and why. Append-only, latest counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="plural_votes")
    member = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    votes = models.SmallIntegerField()
    in_force_on = models.DateField()
    ground = models.CharField(max_length=300)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(votes__gte=1), name="assemblies_at_least_one_vote"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.votes}"
