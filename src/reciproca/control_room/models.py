"""The community's year as the federation closes it."""

from django.db import models
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
