"""The house's settings with nothing between the server and the view: see `bare_view`."""

from reciproca.settings import django as house
from reciproca.settings.django import *  # noqa: F403

INSTALLED_APPS = house.INSTALLED_APPS[:0]
MIDDLEWARE = house.MIDDLEWARE[:0]
ROOT_URLCONF = "benchmarks.selling.bare_view"
