"""What the workers do for ballots: close those whose hour has come, wipe, and forget rolls."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from reciproca.ballots import actions
from reciproca.ballots.wiping import wipe

MOST_ATTEMPTS = 10


@app.periodic(cron="* * * * *")
@app.task(name="close-ballots", queueing_lock="close-ballots")
def close_ballots(timestamp: int) -> None:
    """Close what is due."""
    actions.close_due_ballots()


@app.periodic(cron="50 3 * * *")
@app.task(name="forget-rolls", queueing_lock="forget-rolls")
def forget_rolls(timestamp: int) -> None:
    """Forget the rolls whose time is over."""
    actions.forget_rolls(at=timezone.now())


@app.task(
    name="wipe-ballots",
    lock="wipe-ballots",
    retry=RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=2),
)
def wipe_ballots() -> None:
    """Let the database forget what the close of a secret ballot has overwritten."""
    wipe()
