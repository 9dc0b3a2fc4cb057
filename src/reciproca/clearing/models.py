"""
Who owes whom within the community: what a run took in, the few payments it left, and which of
them the bank confirmed.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class ClearingRun(models.Model):
    """A period's debts, frozen and netted. `label` names the period: one run per label."""

    id = models.UUIDField(primary_key=True)
    label = models.CharField(max_length=40, unique=True)
    until = models.DateField()
    gross_cents = models.BigIntegerField()
    net_cents = models.BigIntegerField()
    obligations_digest = models.CharField(max_length=64)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.label


class Obligation(models.Model):
    """What one node owed another when a run took it in."""

    id = models.UUIDField(primary_key=True)
    run = models.ForeignKey(ClearingRun, models.PROTECT, related_name="obligations", db_index=False)
    debtor = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    creditor = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "debtor", "creditor"], name="clearing_pair_once_a_run"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) & ~Q(debtor=F("creditor")),
                name="clearing_obligation_is_a_debt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debtor_id} owes {self.creditor_id}"


class Payment(models.Model):
    """What a run leaves one node to pay another through its bank."""

    id = models.UUIDField(primary_key=True)
    run = models.ForeignKey(ClearingRun, models.PROTECT, related_name="payments", db_index=False)
    debtor = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    creditor = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    end_to_end_id = models.CharField(max_length=35, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "debtor", "creditor"], name="clearing_payment_once_a_run"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) & ~Q(debtor=F("creditor")),
                name="clearing_payment_is_a_debt",
            ),
        ]

    def __str__(self) -> str:
        return self.end_to_end_id


class Settlement(models.Model):
    """The bank confirmed a payment: one per payment."""

    id = models.UUIDField(primary_key=True)
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="settlement")
    bank_reference = models.CharField(max_length=60)
    settled_on = models.DateField()
    confirmed_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank_reference"], name="clearing_bank_reference_once"),
        ]

    def __str__(self) -> str:
        return self.bank_reference
