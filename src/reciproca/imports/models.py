"""Files on their way in: what was read of each row, and why it was refused."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.shared.ids import uuid7


class State(models.TextChoices):
    READING = "reading", _("In lettura")
    READ = "read", _("In controllo")
    PREVIEWED = "previewed", _("Da confermare")
    RUNNING = "running", _("In corso")
    STOPPED = "stopped", _("Ferma a metà")
    DONE = "done", _("Completata")
    FAILED = "failed", _("Interrotta")
    UNDOING = "undoing", _("In annullamento")
    UNDONE = "undone", _("Annullata")


class Import(models.Model):
    """
    A file, its mapping, and how far it got.

    `digest` (SHA-256 of the uncompressed content) recognises the same file. Counts are of rows:
    those accepted, refused, and known from an earlier file. `amount_cents` sums the accepted ones.
    `refusal_code` and its params say why a file was refused as a whole, or what stopped its
    recording half-way; `findings` is what the room has to say besides (likely duplicates, people to
    be made, …).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    organisation_id = models.UUIDField(null=True)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, blank=True)
    size_bytes = models.BigIntegerField()
    mapping = models.JSONField(default=dict)
    header = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    takes_good_rows = models.BooleanField(default=False)
    row_count = models.IntegerField(default=0)
    accepted_count = models.IntegerField(default=0)
    refused_count = models.IntegerField(default=0)
    known_count = models.IntegerField(default=0)
    amount_cents = models.BigIntegerField(default=0)
    findings = models.JSONField(default=dict)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_params = models.JSONField(default=dict)
    started_by = models.UUIDField(null=True)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["digest"], name="imports_same_file"),
            models.Index(fields=["organisation_id", "-started_at", "id"], name="imports_latest"),
        ]

    def __str__(self) -> str:
        return self.file_name


class Row(models.Model):
    """
    One row of a file until it is accepted, and for good if it was refused.

    `raw` holds the cells as they stood (`staging.CELL_END` between them), `values` the JSON of
    what the room read in them. `key` is the SHA-256 of the row's external key (`has_key`), or of
    the row itself where it has none; `occurrence` counts equal keys within the file. `group`
    gathers the rows of one basket. `code` is empty while nothing is wrong; with `params` it makes
    a sentence.
    """

    pk = models.CompositePrimaryKey("file_id", "number")
    # db_constraint=False: checked once a statement instead (shared.references).
    file = models.ForeignKey(
        Import, models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    number = models.IntegerField()
    group = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=64)
    has_key = models.BooleanField(default=False)
    occurrence = models.IntegerField(default=1)
    raw = models.TextField()
    values = models.TextField(blank=True)
    amount_cents = models.BigIntegerField(default=0)
    code = models.CharField(max_length=60, blank=True)
    params = models.TextField(blank=True)

    class Meta:
        indexes = [
            # The refused rows of a file are few, and looked at again and again.
            models.Index(
                fields=["file", "code", "number"],
                name="imports_row_refused",
                condition=~models.Q(code=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"
