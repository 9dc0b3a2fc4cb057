"""
django-hordak in a process of its own, for its settings are not ours; prints transfers per second.

Its `transfer_to` has no floor and no idempotency: less work than ours.
"""

import random
import sys
import time

import django
from django.conf import settings

HOST, ACCOUNTS, SECONDS, FRESH = sys.argv[1], *(int(each) for each in sys.argv[2:5])

settings.configure(
    SECRET_KEY="a benchmark's",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "mptt",
        "djmoney",
        "hordak",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "peer_hordak",
            "HOST": HOST,
            "USER": "postgres",
            "CONN_MAX_AGE": None,
        }
    },
    HORDAK_CURRENCIES=["EUR"],
    CURRENCIES=["EUR"],
    DEFAULT_CURRENCY="EUR",
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from hordak.models import Account  # noqa: E402
from moneyed import Money  # noqa: E402

if FRESH:
    call_command("migrate", verbosity=0)
    Account.objects.bulk_create(
        Account(
            id=number + 1,
            name=str(number),
            type="LI",
            currencies=["EUR"],
            lft=1,
            rght=2,
            level=0,
            tree_id=number + 1,
        )
        for number in range(ACCOUNTS)
    )
accounts, chance = list(Account.objects.all()), random.Random("hordak")
begun, done = time.perf_counter(), 0
while time.perf_counter() - begun < SECONDS:
    giver, taker = chance.sample(accounts, 2)
    with transaction.atomic():
        taker.transfer_to(giver, Money(chance.randint(1, 100), "EUR") / 100)
    done += 1
print(done / (time.perf_counter() - begun))
