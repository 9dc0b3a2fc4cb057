"""What people are told, and how they want to hear of it by mail."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.shared.ids import uuid7


class Notice(models.Model):
    """
    One thing that one person is told.

    Its words come from `kind` and `params` when it is read, in the reader's language. `mailed_at`
    is null until a mail went or was not wanted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recipient = models.ForeignKey(
        "registry.Node", models.CASCADE, related_name="notices", db_index=False
    )
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-created_at", "id"], name="notices_of_recipient"),
            models.Index(
                fields=["recipient"],
                name="notices_unread",
                condition=models.Q(read_at=None),
            ),
            models.Index(
                fields=["recipient", "created_at"],
                name="notices_to_mail",
                condition=models.Q(mailed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Mail(models.TextChoices):
    DIGEST = "digest", _("Una volta al giorno, tutto insieme")
    NOW = "now", _("Subito")
    NEVER = "never", _("Mai")


class Preference(models.Model):
    """How a person wants a topic by mail; without a row: in the digest."""

    pk = models.CompositePrimaryKey("person_id", "topic")
    person = models.ForeignKey("registry.Node", models.CASCADE, related_name="+", db_index=False)
    topic = models.CharField(max_length=40)
    mail = models.CharField(max_length=6, choices=Mail, default=Mail.DIGEST)

    def __str__(self) -> str:
        return f"{self.topic} {self.mail}"
