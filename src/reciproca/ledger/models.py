"""Accounts and transfers; the triggers that keep their rules are in `sql.py`."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Account(models.Model):
    """
    One balance: `credits_posted - debits_posted`, in the whole cents or minutes of its `unit`.

    `debits_pending` and `credits_pending` are what open reservations may still take out and bring
    in: they count against floor and ceiling as if it had moved.

    Where there is neither floor nor ceiling, `Stripe` holds a part of the totals.

    `party` is whom the account is about besides its owner (the issuer of a credit, the seller of a
    recovery), the owner itself where there is nobody else: never null, so that one index finds
    every account. Only transfers move the totals; the database refuses everything else.
    """

    # Given by the database, see `sql.IDS`.
    id = models.BigAutoField(primary_key=True)
    unit = models.CharField(max_length=4)
    purpose = models.CharField(max_length=16)
    owner = models.UUIDField()
    party = models.UUIDField()
    expires_on = models.DateField(null=True)
    floor = models.BigIntegerField(null=True)
    ceiling = models.BigIntegerField(null=True)
    debits_posted = models.BigIntegerField(default=0)
    credits_posted = models.BigIntegerField(default=0)
    debits_pending = models.BigIntegerField(default=0, db_default=0)
    credits_pending = models.BigIntegerField(default=0, db_default=0)
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "purpose", "party", "unit", "expires_on"],
                nulls_distinct=False,
                name="ledger_account_is_opened_once",
            ),
            models.CheckConstraint(
                condition=Q(floor=None)
                | Q(credits_posted__gte=F("debits_posted") + F("debits_pending") + F("floor")),
                name="ledger_balance_not_below_floor",
            ),
            models.CheckConstraint(
                condition=Q(ceiling=None)
                | Q(credits_posted__lte=F("debits_posted") + F("ceiling") - F("credits_pending")),
                name="ledger_balance_not_above_ceiling",
            ),
            models.CheckConstraint(
                condition=Q(debits_pending__gte=0, credits_pending__gte=0),
                name="ledger_pending_not_negative",
            ),
        ]
        indexes = [
            # Expiry asks for every lot that ends on a day; nothing else reads by date.
            models.Index(
                fields=["expires_on", "id"],
                name="ledger_lots_by_expiry",
                condition=Q(purpose="credit"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.purpose} {self.owner}"


class Stripe(models.Model):
    """
    A part of the totals of an account without floor and ceiling, in addition to its own.

    A till that posts one sale writes to the stripe of its connection: the fund that is in every
    sale is no queue. Nothing is checked against these accounts, so nobody needs their sum at once.
    """

    pk = models.CompositePrimaryKey("account_id", "stripe")
    account = models.ForeignKey(
        Account, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    stripe = models.SmallIntegerField()
    debits_posted = models.BigIntegerField()
    credits_posted = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.stripe}"


class Transfer(models.Model):
    """
    `amount` whole cents or minutes out of one account into another; written once, never changed.

    The id begins with the id of the fact it belongs to (`reference`, see `shared.ids`), so that a
    fact's transfers are one range of the primary key and months stay in order.
    """

    id = models.UUIDField(primary_key=True)
    debit_account = models.ForeignKey(
        Account, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    credit_account = models.ForeignKey(
        Account, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=4)
    code = models.CharField(max_length=24)
    reference = models.UUIDField()
    seq = models.IntegerField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="ledger_transfer_amount_positive"
            ),
            models.CheckConstraint(
                condition=~Q(debit_account=F("credit_account")),
                name="ledger_transfer_between_two_accounts",
            ),
        ]
        indexes = [
            models.Index(fields=["debit_account", "id"], name="ledger_transfer_debit"),
            models.Index(fields=["credit_account", "id"], name="ledger_transfer_credit"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount} {self.unit}"


class Reservation(models.Model):
    """
    `amount` that may go out of one account into another until `expires_at`.

    It ends once: taken, in whole or in part, by the transfer `transfer_id`, or released. Ending it
    makes that transfer: the database does both or neither.
    """

    id = models.UUIDField(primary_key=True)
    debit_account = models.ForeignKey(
        Account, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    credit_account = models.ForeignKey(
        Account, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=4)
    code = models.CharField(max_length=24)
    happened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    transfer_id = models.UUIDField(null=True, unique=True)
    taken_amount = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="ledger_reservation_amount_positive"
            ),
            models.CheckConstraint(
                condition=~Q(debit_account=F("credit_account")),
                name="ledger_reservation_between_two_accounts",
            ),
            models.CheckConstraint(
                condition=Q(transfer_id=None, taken_amount=None)
                | Q(
                    transfer_id__isnull=False,
                    taken_amount__gte=1,
                    taken_amount__lte=F("amount"),
                    ended_at__lt=F("expires_at"),
                ),
                name="ledger_reservation_taken_in_time_and_within",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at", "id"],
                name="ledger_reservation_open",
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount} {self.unit}"
