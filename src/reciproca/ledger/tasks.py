"""What workers do for the ledger by themselves."""

from django.utils import timezone
from procrastinate.contrib.django import app

from reciproca.ledger.months import make_months
from reciproca.ledger.reserving import release_expired


@app.periodic(cron="* * * * *")
@app.task(name="release-expired-reservations", queueing_lock="release-expired-reservations")
def release_what_expired(timestamp: int) -> None:
    """Give back what was reserved for longer than it may be."""
    release_expired(at=timezone.now())


@app.periodic(cron="20 2 * * *")
@app.task(name="make-ledger-months", queueing_lock="make-ledger-months")
def keep_months_ahead(timestamp: int) -> None:
    """Make the tables of the months to come."""
    make_months()
