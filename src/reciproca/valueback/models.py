"""What sellers commit to, what they accept, and the facts of credit given or expired."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class CommittedRate(models.Model):
    """
    The share of a purchase that a seller gives back from a day on; an empty category is its general
    rate.
    """

    seller = models.ForeignKey(
        "registry.Node", models.PROTECT, related_name="committed_rates", db_index=False
    )
    category = models.CharField(max_length=40, blank=True)
    rate_bp = models.IntegerField()
    valid_from = models.DateField()
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "category", "valid_from"], name="valueback_rate_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(rate_bp__gte=0) & Q(rate_bp__lte=10_000),
                name="valueback_rate_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller_id} {self.category} {self.rate_bp}"


class AcceptanceLimit(models.Model):
    """
    The largest share of a sale that a seller takes in credits, from a day on; without a row: all of
    it.
    """

    seller = models.ForeignKey(
        "registry.Node", models.PROTECT, related_name="acceptance_limits", db_index=False
    )
    share_bp = models.IntegerField()
    valid_from = models.DateField()
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "valid_from"], name="valueback_limit_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(share_bp__gte=0) & Q(share_bp__lte=10_000),
                name="valueback_limit_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller_id} {self.share_bp}"


class Gift(models.Model):
    """Credit that a member gave to a project; `key` is the client's own id of the gift."""

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=100)
    giver = models.ForeignKey(
        "registry.Node", models.PROTECT, related_name="gifts_made", db_index=False
    )
    project = models.ForeignKey("registry.Node", models.PROTECT, related_name="gifts_received")
    amount_cents = models.BigIntegerField()
    happened_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["giver", "key"], name="valueback_gift_key_once"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="valueback_gift_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} to {self.project_id}"


class ExpiredLot(models.Model):
    """
    A lot that nobody spent in time: its credit ended and its issuer owes the fund named by the
    policy.
    """

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey("registry.Node", models.PROTECT, related_name="+", db_index=False)
    issuer = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    fund = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    expires_on = models.DateField()
    amount_cents = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0), name="valueback_expired_positive"
            ),
        ]
        # Credit can come back to an expired year only as the current one, but a lot may be refilled
        # by a refund on its very last day after a run: so a lot expires once or more, and is found
        # by all three.
        indexes = [
            models.Index(fields=["member", "issuer", "expires_on"], name="valueback_expired_lot")
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} of {self.issuer_id}"
