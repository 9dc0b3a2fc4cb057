"""That this database is a demo, and whether it is finished: nothing else may ever be wiped."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Build(models.Model):
    """The one building of a demo in this database; without `finished_at` it was interrupted."""

    only = models.BooleanField(primary_key=True, default=True)
    year = models.SmallIntegerField()
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(only=True), name="demo_one_build_per_database")
        ]

    def __str__(self) -> str:
        return str(self.year)
