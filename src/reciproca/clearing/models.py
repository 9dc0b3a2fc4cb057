"""
Who owes whom within the community: what a run took in, the few payments it left, and which of
them the bank confirmed.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class RunKind(models.TextChoices):
    NETTING = "netting"
    SET_OFF = "set_off"


class ClearingRun(models.Model):
    """
    A period's debts taken in: `label` names the period, one run of a kind per label.

    A netting takes in all of them and leaves payments; a set-off takes in what runs in circles, as
    much owed by each node as to it, and leaves nothing to pay: the database refuses any other.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10, choices=RunKind, db_default=RunKind.NETTING)
    label = models.CharField(max_length=40)
    until = models.DateField()
    gross_cents = models.BigIntegerField()
    net_cents = models.BigIntegerField()
    obligations_digest = models.CharField(max_length=64)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "label"], name="clearing_label_once_a_kind"),
            models.CheckConstraint(
                condition=Q(kind=RunKind.NETTING) | Q(net_cents=0),
                name="clearing_set_off_leaves_no_payment",
            ),
        ]

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


class SetOffProposal(models.Model):
    """
    What could be set off of the debts up to a day, as it was simulated, and put to who is asked.

    `answers_by` is the last day to answer; after it silence leaves a node out. `only_way`: no other
    part of the debts would cancel as much.
    """

    id = models.UUIDField(primary_key=True)
    label = models.CharField(max_length=40, unique=True)
    until = models.DateField()
    answers_by = models.DateField()
    owed_cents = models.BigIntegerField()
    set_off_cents = models.BigIntegerField()
    only_way = models.BooleanField()
    proposed_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(set_off_cents__gt=0) & Q(set_off_cents__lte=F("owed_cents")),
                name="clearing_set_off_within_debts",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SetOffLine(models.Model):
    """Of one debt of a proposal, how much there was and how much would be cancelled."""

    id = models.UUIDField(primary_key=True)
    proposal = models.ForeignKey(
        SetOffProposal, models.PROTECT, related_name="lines", db_index=False
    )
    debtor = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    creditor = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    owed_cents = models.BigIntegerField()
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "debtor", "creditor"], name="clearing_pair_once_a_proposal"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0)
                & Q(amount_cents__lte=F("owed_cents"))
                & ~Q(debtor=F("creditor")),
                name="clearing_line_within_its_debt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debtor_id} owes {self.creditor_id}"


class SetOffParty(models.Model):
    """Who is asked about a proposal: for itself, and for the funds and projects it holds."""

    id = models.UUIDField(primary_key=True)
    proposal = models.ForeignKey(
        SetOffProposal, models.PROTECT, related_name="parties", db_index=False
    )
    node = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "node"], name="clearing_party_once"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} in {self.proposal_id}"


class SetOffAnswer(models.Model):
    """What a party said; of several answers the last counts. `on_paper`: an officer wrote it."""

    id = models.UUIDField(primary_key=True)
    party = models.ForeignKey(SetOffParty, models.PROTECT, related_name="answers")
    accepted = models.BooleanField()
    on_paper = models.BooleanField()
    answered_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.party_id}: {self.accepted}"


class SetOffClosing(models.Model):
    """The end of a proposal: the set-off that came of it, or none where it was withdrawn."""

    proposal = models.OneToOneField(
        SetOffProposal, models.PROTECT, primary_key=True, related_name="closing"
    )
    run = models.OneToOneField(ClearingRun, models.PROTECT, null=True, related_name="closing")
    closed_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.proposal_id)
