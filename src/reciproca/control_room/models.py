"""The community's year as the federation closes it, and the sums that its pages read."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class YearClose(models.Model):
    """
    The closing of one year: expiry, refunds, netting, in steps that each finish or are absent.

    `steps` maps a step to what it did; a step that stands there is never run again.
    """

    year = models.SmallIntegerField(primary_key=True)
    steps = models.JSONField(default=dict)
    started_by = models.UUIDField(null=True)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.year)


class PairMonth(models.Model):
    """
    What one node came to owe another in a calendar month, for one reason, in whole cents.

    Kept by `actions.refresh_sums`, never by hand: pages of the whole network read these instead
    of millions of transfers. `code` is the ledger's; `fact_count` counts purchases, gifts, lots.
    """

    pk = models.CompositePrimaryKey("month", "debtor_id", "creditor_id", "code")
    month = models.DateField()
    debtor = models.ForeignKey("registry.Node", models.CASCADE, related_name="+", db_index=False)
    creditor = models.ForeignKey("registry.Node", models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=24)
    amount_cents = models.BigIntegerField()
    fact_count = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) & ~Q(debtor=F("creditor")),
                name="control_room_pair_is_a_debt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debtor_id} owes {self.creditor_id} {self.month}"


class EndingCredit(models.Model):
    """What members still hold of the credit that ends on a day, and how many they are."""

    expires_on = models.DateField(primary_key=True)
    amount_cents = models.BigIntegerField()
    holder_count = models.IntegerField()

    def __str__(self) -> str:
        return str(self.expires_on)


class SumsRefresh(models.Model):
    """When the sums that pages of the whole network read were last brought up to date."""

    only = models.BooleanField(primary_key=True, default=True)
    refreshed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="control_room_one_refresh"),
        ]

    def __str__(self) -> str:
        return str(self.refreshed_at)
