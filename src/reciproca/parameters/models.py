"""Thresholds of law as dated rows; no number of law stands in code."""

from django.db import models


class Parameter(models.Model):
    """
    One value of law and the days on which it holds.

    `value` is a whole number or a fraction `n/d`, as text.
    """

    name = models.CharField(max_length=60)
    value = models.CharField(max_length=40)
    unit = models.CharField(max_length=60)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=40, blank=True)
    mark = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "valid_from"],
                nulls_distinct=False,
                name="parameters_one_value_begins_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.valid_from}"
