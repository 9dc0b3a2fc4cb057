"""
Calls of a fund, the projects proposed for them, and what each was granted, paid and reported.

Every row is a fact and is never changed. What the database refuses beyond these constraints, so
that nothing is ever paid twice or beyond what there is, stands in the first migration.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from reciproca.ballots.rules.choices import BUDGETS

METHODS = tuple(sorted(BUDGETS))


class Call(models.Model):
    """A fund offers a budget: until when to propose, and how the community will choose."""

    id = models.UUIDField(primary_key=True)
    fund = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    text = models.TextField()
    budget_cents = models.BigIntegerField()
    method = models.CharField(max_length=20, choices=[(each, each) for each in METHODS])
    utility = models.CharField(max_length=12)
    proposals_by = models.DateField()
    opened_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(budget_cents__gt=0), name="projects_budget_positive")
        ]

    def __str__(self) -> str:
        return self.title


class Project(models.Model):
    """What an organisation proposes for a call. `key` makes a form sent twice one proposal."""

    id = models.UUIDField(primary_key=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="projects")
    proposer = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    key = models.UUIDField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    proposed_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposer", "key"], name="projects_proposed_once")
        ]

    def __str__(self) -> str:
        return self.title


class CostLine(models.Model):
    """One thing that a project needs money for."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="costs")
    what = models.CharField(max_length=120)
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="projects_cost_positive")
        ]

    def __str__(self) -> str:
        return self.what


class Assessment(models.Model):
    """Whether a project may be voted on, with what cost; a refusal always has its reason."""

    project = models.OneToOneField(
        Project, models.PROTECT, primary_key=True, related_name="assessment"
    )
    admissible = models.BooleanField()
    cost_cents = models.BigIntegerField()
    reason = models.TextField(blank=True)
    assessed_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(admissible=True) | ~Q(reason=""), name="projects_refusal_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(cost_cents__gt=0), name="projects_assessed_cost_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.admissible}"


class Voting(models.Model):
    """The ballot in which the community chooses among a call's admissible projects."""

    call = models.OneToOneField(Call, models.PROTECT, primary_key=True, related_name="voting")
    ballot = models.OneToOneField("ballots.Ballot", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.call_id)


class Award(models.Model):
    """A project won: what it gets at most, and the node that takes tranches and gifts."""

    project = models.OneToOneField(Project, models.PROTECT, primary_key=True, related_name="award")
    node = models.OneToOneField("registry.Node", models.PROTECT, related_name="+")
    granted_cents = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(granted_cents__gt=0), name="projects_award_positive")
        ]

    def __str__(self) -> str:
        return str(self.project_id)


class Receipt(models.Model):
    """An expense of a project, with the document that proves it: what a tranche is asked for."""

    id = models.UUIDField(primary_key=True)
    award = models.ForeignKey(Award, models.PROTECT, related_name="receipts")
    key = models.UUIDField()
    what = models.CharField(max_length=120)
    amount_cents = models.BigIntegerField()
    document = models.ForeignKey("shared.Document", models.PROTECT, related_name="+")
    handed_in_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "key"], name="projects_receipt_once"),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0), name="projects_receipt_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Tranche(models.Model):
    """
    What an officer decided of a receipt: paid, as a debt of the fund to the project, or refused.

    `amount_cents` is the receipt's when it was paid, zero when it was refused, with the reason.
    """

    id = models.UUIDField(primary_key=True)
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="tranche")
    amount_cents = models.BigIntegerField()
    reason = models.TextField(blank=True)
    decided_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0, reason="") | Q(amount_cents=0) & ~Q(reason=""),
                name="projects_tranche_paid_or_refused",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} for {self.receipt_id}"


class Report(models.Model):
    """What became of a project, told by who proposed it."""

    id = models.UUIDField(primary_key=True)
    award = models.ForeignKey(Award, models.PROTECT, related_name="reports")
    key = models.UUIDField()
    text = models.TextField()
    reported_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "key"], name="projects_report_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Photo(models.Model):
    """A photo of a report: a JPEG of our own making, without what the camera wrote into it."""

    id = models.UUIDField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT, related_name="photos")
    alt = models.CharField(max_length=200)
    width = models.IntegerField()
    height = models.IntegerField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.alt
