"""Files on their way in: one row each, what was read of it and why it was refused."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.shared.ids import uuid7


class State(models.TextChoices):
    READING = "reading", _("In lettura")
    PREVIEWED = "previewed", _("Da confermare")
    RUNNING = "running", _("In corso")
    DONE = "done", _("Completata")
    FAILED = "failed", _("Interrotta")
    UNDONE = "undone", _("Annullata")


class Import(models.Model):
    """
    A file, its mapping, and how far it got. `digest` (SHA-256 of the bytes) recognises the same
    file.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    organisation_id = models.UUIDField(null=True)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    row_count = models.IntegerField(default=0)
    accepted_count = models.IntegerField(default=0)
    refused_count = models.IntegerField(default=0)
    known_count = models.IntegerField(default=0)
    amount_cents = models.BigIntegerField(default=0)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_message = models.TextField(blank=True)
    started_by = models.UUIDField(null=True)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["digest"], name="imports_same_file")]

    def __str__(self) -> str:
        return self.file_name


class Row(models.Model):
    """
    One row of a file while it is read, and for good if it was refused.

    `group` gathers the rows of one basket; `key` recognises the same row in another file: the
    external key, or the row's own digest with its occurrence within the file.
    """

    pk = models.CompositePrimaryKey("file_id", "number")
    file = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    number = models.IntegerField()
    group = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=120, blank=True)
    cells = models.JSONField()
    code = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["file", "group", "number"], name="imports_row_group")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"
