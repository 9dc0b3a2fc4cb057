"""The community's year as the federation closes it, and the sums that its pages read."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.shared.ids import uuid7


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


class AlertKind(models.TextChoices):
    """What an alert is about, what weighs most first."""

    LOG_STOPPED = "log-stopped", _("Registro pubblico fermo")
    LOG_UNWITNESSED = "log-unwitnessed", _("Registro pubblico senza testimoni")
    WRONG = "wrong", _("Conti che non tornano")
    JOB_FAILED = "job-failed", _("Lavori interrotti")
    FILE_STOPPED = "file-stopped", _("Importazioni interrotte")
    QUIET = "quiet", _("Cooperative che non registrano acquisti")
    TILL_OPEN = "till-open", _("Casse non chiuse")
    PAYMENTS = "payments", _("Pagamenti da confermare")
    ENDING = "ending", _("Credito che scade")
    FILES_WAITING = "files-waiting", _("File da confermare")
    FILES_REFUSED = "files-refused", _("File con righe rifiutate")
    ACCOUNTS = "accounts", _("Bilanci e delibere che mancano")


class Alert(models.Model):
    """
    Something an officer should look at, from when its cause was first seen until it is gone.

    `key` says of what: one row at a time lives for it. A person may resolve it before its cause is
    gone; when the cause comes back after that, a new row begins. `params` are what its sentence
    needs, counts and sums only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=AlertKind)
    about = models.ForeignKey("registry.Node", models.SET_NULL, null=True, related_name="+")
    params = models.JSONField(default=dict)
    first_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey("registry.Node", models.PROTECT, null=True, related_name="+")
    resolved_by = models.UUIDField(null=True)
    resolved_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(gone_at=None), name="control_room_one_live_alert"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | ~Q(note=""),
                name="control_room_resolved_with_a_note",
            ),
        ]
        indexes = [models.Index(fields=["-first_seen_at", "id"], name="control_room_alert_latest")]

    def __str__(self) -> str:
        return self.key


class AlertStep(models.TextChoices):
    ASSIGNED = "assigned", _("Affidato")
    RELEASED = "released", _("Tolto a chi lo aveva")
    RESOLVED = "resolved", _("Risolto")
    REOPENED = "reopened", _("Riaperto")


class AlertEvent(models.Model):
    """What a person did about an alert. Append-only; `person` is to whom it was assigned."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="events")
    step = models.CharField(max_length=10, choices=AlertStep)
    person = models.ForeignKey("registry.Node", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.step} {self.alert_id}"
