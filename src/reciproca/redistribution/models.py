"""A pool divided by criteria: the run, each person's line, objections, and simulations."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from reciproca.shared.ids import uuid7


class Run(models.Model):
    """
    One division of a pool for one period.

    `run_key` names pool and period and seeds the ties; it is fixed when the run is opened, before
    any figure is known. Measuring freezes the inputs and computes every line; `snapshot_digest` is
    the SHA-256 of those inputs. Another person than who opened it approves, then it is paid, once.
    A correction names the run it `corrects` and divides the same pool again.
    """

    id = models.UUIDField(primary_key=True)
    run_key = models.CharField(max_length=120)
    policy = models.ForeignKey("governance.Policy", models.PROTECT, related_name="+")
    pool = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", db_index=False
    )
    reason = models.CharField(max_length=300, blank=True)
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField(db_default=Now())

    snapshot_digest = models.CharField(max_length=64, blank=True)
    pool_cents = models.BigIntegerField(null=True)
    carry_in_pool_cents = models.BigIntegerField(default=0)
    common_cents = models.BigIntegerField(default=0)
    overflow_cents = models.BigIntegerField(default=0)
    zero_criterion_cents = models.BigIntegerField(default=0)
    individual_cents = models.BigIntegerField(default=0)
    paid_cents = models.BigIntegerField(default=0)
    member_count = models.IntegerField(default=0)
    # What all scored on each criterion, within its cap, and the exact cents that a whole share of
    # one came to: with them anybody's part is explained without the others' lines.
    totals = models.JSONField(default=list)
    scale = models.TextField(blank=True)
    measured_at = models.DateTimeField(null=True)

    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    # The facts under which the result is logged and the common share moves.
    result_id = models.UUIDField(null=True)
    common_id = models.UUIDField(null=True)
    expires_on = models.DateField(null=True)
    paid_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run_key"],
                condition=Q(withdrawn_at=None),
                name="redistribution_one_run_of_a_period",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="redistribution_period_has_days"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("opened_by")),
                name="redistribution_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(measured_at=None, pool_cents=None)
                | Q(
                    measured_at__isnull=False,
                    pool_cents=F("common_cents") + F("individual_cents") - F("carry_in_pool_cents"),
                ),
                name="redistribution_parts_make_the_pool",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                    measured_at__isnull=False,
                    withdrawn_at=None,
                ),
                name="redistribution_measured_before_approved",
            ),
            models.CheckConstraint(
                condition=Q(paid_at=None, result_id=None, common_id=None, expires_on=None)
                | Q(
                    paid_at__isnull=False,
                    result_id__isnull=False,
                    common_id__isnull=False,
                    expires_on__isnull=False,
                    approved_at__isnull=False,
                ),
                name="redistribution_approved_before_paid",
            ),
        ]

    def __str__(self) -> str:
        return self.run_key

    @property
    def seed(self) -> str:
        """Return what orders ties: a correction moves no cent that was well given."""
        return self.corrects.run_key if self.corrects else self.run_key

    @property
    def whole_cents(self) -> int:
        """Return what is divided: of the period, and left from before."""
        return (self.pool_cents or 0) + self.carry_in_pool_cents

    @property
    def state(self) -> str:
        """Return how far it is: withdrawn, paid, approved, measured or opened."""
        for moment in ("withdrawn", "paid", "approved", "measured"):
            if getattr(self, f"{moment}_at") is not None:
                return moment
        return "opened"


class Line(models.Model):
    """
    One person's part: what was measured, frozen, and what came of it. Append-only.

    `scores` follows the policy's criteria, in its finest parts of a cent or point. `carried_cents`
    came in from earlier runs; `before_cents` is what stood allocated before a correction.
    """

    id = models.UUIDField(primary_key=True)
    run = models.ForeignKey(Run, models.PROTECT, related_name="lines", db_index=False)
    member = models.ForeignKey("registry.Node", models.PROTECT, related_name="redistributions")
    leaves = models.BooleanField()
    carried_cents = models.BigIntegerField()
    before_cents = models.BigIntegerField()
    scores = ArrayField(models.BigIntegerField())
    allocated_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    bound = models.CharField(max_length=5, blank=True)
    rounded_up = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "member"], name="redistribution_one_line_a_person"
            ),
            models.CheckConstraint(
                condition=Q(allocated_cents__gte=0, before_cents__gte=0, carried_cents__gte=0),
                name="redistribution_line_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.member_id}"

    @property
    def carry_out_cents(self) -> int:
        """Return what waits for the person's next run."""
        return self.allocated_cents - self.before_cents + self.carried_cents - self.paid_cents


class Objection(models.Model):
    """A person says that their part of a run is wrong; somebody of the federation answers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(Run, models.PROTECT, related_name="objections", db_index=False)
    member = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    text = models.CharField(max_length=2_000)
    made_at = models.DateTimeField(db_default=Now())
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=2_000, blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "member"], name="redistribution_one_objection_a_person"
            ),
            models.CheckConstraint(
                condition=Q(upheld=None, answered_by=None, answered_at=None, answer="")
                | Q(upheld__isnull=False, answered_by__isnull=False, answered_at__isnull=False)
                & ~Q(answer=""),
                name="redistribution_objection_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.run_id}"


class PointList(models.Model):
    """
    Points of a criterion that somebody who may know the reasons attests, and hands in, for so many
    people; they hold from a day to a day. Append-only: of a person the list handed in last counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    criterion = models.CharField(max_length=20)
    attested_by = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    people = models.IntegerField()
    handed_by = models.UUIDField()
    handed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="redistribution_points_have_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} from {self.starts_on}"


class PointLine(models.Model):
    """How many points a person has in a list, never why."""

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(PointList, models.PROTECT, related_name="lines", db_index=False)
    member = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    points = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list", "member"], name="redistribution_one_line_of_points"
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lt=1_000), name="redistribution_points_bounded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.list_id}"


class Simulation(models.Model):
    """
    Policies tried on a period that is over: what each would have given, side by side.

    `documents` are their canonical texts, the one that runs today first, if there is one. `result`
    is what `simulating` found, of groups of at least five people.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    pool_cents = models.BigIntegerField()
    documents = ArrayField(models.TextField())
    result = models.JSONField(null=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pool_cents__gt=0), name="redistribution_simulated_pool_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.ends_on}"


class SimulatedPart(models.Model):
    """What each policy of a simulation would give one person: theirs alone to read."""

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="parts", db_index=False)
    # Known from the register in the same transaction; asking again for each of a million takes as
    # long as dividing.
    member = models.ForeignKey(
        "registry.Node", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    cents = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["simulation", "member"], name="redistribution_one_simulated_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.simulation_id} {self.member_id}"
