"""A cooperative's year: its accounts, its surplus, and each member's patronage refund."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from reciproca.shared.ids import uuid7


class Accounting(models.TextChoices):
    COST = "cost"
    APPROPRIATION = "appropriation"


class AnnualAccounts(models.Model):
    """The approved accounts, and the assembly's resolution that the refund rests on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    cooperative = models.ForeignKey("registry.Node", models.PROTECT, related_name="annual_accounts")
    year = models.SmallIntegerField()
    net_profit_cents = models.BigIntegerField()
    member_surplus_cents = models.BigIntegerField()
    refund_proposed_cents = models.BigIntegerField()
    refund_accounting = models.CharField(
        max_length=13, choices=Accounting, default=Accounting.APPROPRIATION
    )
    paid_up_capital_cents = models.BigIntegerField()
    dividend_proposed_cents = models.BigIntegerField(default=0)
    postal_bond_rate_bp = models.IntegerField(default=0)
    net_equity_cents = models.BigIntegerField()
    total_debt_cents = models.BigIntegerField()
    # How each member's refund is paid: shares of it in basis points; the rest in credit.
    cash_share_bp = models.IntegerField(default=0)
    capital_share_bp = models.IntegerField(default=0)
    share_value_cents = models.IntegerField(default=2_500)
    resolution = models.ForeignKey(
        "governance.Resolution", models.PROTECT, null=True, related_name="+"
    )
    entered_by = models.UUIDField(null=True)
    entered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative", "year"], name="refunds_one_year_of_accounts"
            ),
            models.CheckConstraint(
                condition=Q(cash_share_bp__gte=0, capital_share_bp__gte=0)
                & Q(cash_share_bp__lte=10_000 - F("capital_share_bp")),
                name="refunds_payment_shares_at_most_all",
            ),
            models.CheckConstraint(
                condition=Q(
                    member_surplus_cents__gte=0,
                    refund_proposed_cents__gte=0,
                    paid_up_capital_cents__gte=0,
                    dividend_proposed_cents__gte=0,
                    total_debt_cents__gte=0,
                    share_value_cents__gt=0,
                ),
                name="refunds_accounts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.year}"


class ExchangeClaim(models.Model):
    """
    What a worker or a contributor exchanged with the cooperative in a year, from its own books.

    `quantity` counts hundredths of an hour worked, or euro cents of what was brought; `quality` is
    the statute's coefficient in ten-thousandths. `pay_cents` is a worker's whole yearly pay.
    """

    accounts = models.ForeignKey(AnnualAccounts, models.CASCADE, related_name="claims")
    member = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    quantity = models.BigIntegerField()
    quality = models.IntegerField(default=10_000)
    pay_cents = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["accounts", "member"], name="refunds_one_claim_a_member"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, quality__gte=0)
                & (Q(pay_cents=None) | Q(pay_cents__gte=0)),
                name="refunds_claim_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accounts_id} {self.member_id}"


class RefundRun(models.Model):
    """
    One cooperative's patronage refund of one year: computed once from frozen inputs, posted once.

    `run_key` seeds the ties and is fixed by cooperative and year, before any figure is known.
    `inputs_digest` is the SHA-256 of accounts, legal values and claims; `waterfall` holds the steps
    as they were shown and the legal values they were computed from.
    """

    id = models.UUIDField(primary_key=True)
    accounts = models.OneToOneField(AnnualAccounts, models.PROTECT, related_name="run")
    run_key = models.CharField(max_length=80, unique=True)
    inputs_digest = models.CharField(max_length=64)
    waterfall = models.JSONField()
    pot_cents = models.BigIntegerField()
    undistributed_cents = models.BigIntegerField()
    member_count = models.IntegerField()
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.run_key


class RefundLine(models.Model):
    """
    One member's refund: the claim, its ceiling, the amount to the cent and how it is paid.

    `claim` is what the refund is in proportion to: whole cents bought, or quantity by quality (see
    `ExchangeClaim`). The law sets no `ceiling_cents` for what members bring to their cooperative.
    """

    id = models.UUIDField(primary_key=True)
    run = models.ForeignKey(RefundRun, models.PROTECT, related_name="lines", db_index=False)
    member = models.ForeignKey("registry.Node", models.PROTECT, related_name="patronage_refunds")
    claim = models.BigIntegerField()
    ceiling_cents = models.BigIntegerField(null=True)
    amount_cents = models.BigIntegerField()
    rounded_up = models.BooleanField()
    credit_cents = models.BigIntegerField()
    cash_cents = models.BigIntegerField()
    capital_cents = models.BigIntegerField()
    expires_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "member"], name="refunds_one_line_per_member"),
            models.CheckConstraint(
                condition=Q(amount_cents=F("credit_cents") + F("cash_cents") + F("capital_cents")),
                name="refunds_line_is_fully_paid",
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gte=0) & Q(amount_cents__lte=F("ceiling_cents")),
                name="refunds_line_within_ceiling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.member_id}"


class CashOrder(models.Model):
    """A cash refund that was in a bank file: noted when the file is first made with it."""

    line = models.OneToOneField(
        RefundLine, models.PROTECT, primary_key=True, related_name="cash_order"
    )
    ordered_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.line_id)


class CashPayment(models.Model):
    """A cash refund that the bank confirmed: one per line, with the bank's own reference."""

    id = models.UUIDField(primary_key=True)
    line = models.OneToOneField(RefundLine, models.PROTECT, related_name="cash_payment")
    bank_reference = models.CharField(max_length=60)
    paid_on = models.DateField()
    confirmed_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.bank_reference
