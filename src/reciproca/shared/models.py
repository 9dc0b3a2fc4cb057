"""Tables that every room uses: jobs and progress, documents, who read whose data, who is erased."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.shared.ids import uuid7

LARGEST_DOCUMENT_BYTES = 10 * 1024 * 1024


class JobState(models.TextChoices):
    QUEUED = "queued", _("In attesa")
    RUNNING = "running", _("In corso")
    DONE = "done", _("Fatto")
    FAILED = "failed", _("Interrotto")


class Job(models.Model):
    """
    A long piece of work that goes on while people do other things, and how far it is.

    `kind` names the registered function, `args` what it was given. `done` of `total` counts within
    the present `step`; `total` is zero while it is unknown. A failed job says why in `code` and
    `message`, a finished one what came of it in `result`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=100, blank=True)
    args = models.JSONField(default=dict)
    started_by = models.UUIDField(null=True)
    language = models.CharField(max_length=5, default="it")
    state = models.CharField(max_length=8, choices=JobState, default=JobState.QUEUED)
    step = models.CharField(max_length=100, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    code = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=["queued", "running"]) & ~Q(subject=""),
                name="shared_one_live_job_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(state__in=["done", "failed"]),
                name="shared_job_finished_is_done_or_failed",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "id"], name="shared_job_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class AccessLog(models.Model):
    """Somebody read a person's data: who, acting for whom, what of it, when. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reader_user = models.UUIDField(null=True)
    reader_person = models.UUIDField(null=True)
    reader_node = models.UUIDField(null=True)
    subject = models.UUIDField()
    what = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["subject", "-at", "id"], name="shared_access_of_subject")]

    def __str__(self) -> str:
        return f"{self.what} of {self.subject}"


class ErasedPerson(models.Model):
    """
    A person whose data was erased, at their own wish: by their own login, or on the `paper` of this
    number. Append-only; without it no table that only grows lets anything of somebody go.

    `kept_until` is the last day on which the law has something of them kept, None where nothing is.
    """

    person = models.UUIDField(primary_key=True)
    erased_at = models.DateTimeField()
    erased_by = models.UUIDField(null=True)
    paper = models.CharField(max_length=40, blank=True)
    kept_until = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.person)


class Document(models.Model):
    """A file that somebody handed in as evidence, kept whole and never changed. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    size_bytes = models.IntegerField()
    content = models.BinaryField()
    added_by = models.UUIDField(null=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size_bytes__gt=0, size_bytes__lte=LARGEST_DOCUMENT_BYTES),
                name="shared_document_at_most_10_mb",
            ),
        ]

    def __str__(self) -> str:
        return self.name
