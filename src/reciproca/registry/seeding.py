"""Filling the table of municipalities from the file that ships with the house."""

from operator import attrgetter

from django.db import transaction

from reciproca.registry.bulk import copy_rows
from reciproca.registry.models import Municipality
from reciproca.registry.places import load_municipalities

FIELDS = (
    "istat_code",
    "name",
    "province_sigla",
    "province",
    "region",
    "latitude",
    "longitude",
    "population",
)


@transaction.atomic
def seed_municipalities() -> int:
    """Write the shipped municipalities if the table is empty, and return how many it has."""
    if not Municipality.objects.exists():
        of_row = attrgetter(*FIELDS[:5], "lat", "lon", "population")
        copy_rows(model=Municipality, fields=FIELDS, rows=map(of_row, load_municipalities()))
    return Municipality.objects.count()
