"""What the workers do for ballots: close those whose hour has come, and wipe the secret ones."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from reciproca.ballots import actions
from reciproca.ballots.wiping import wipe

WIPE_AGAIN_S = 120
"""A wipe that cannot be done now is owed until it is done."""


@app.periodic(cron="* * * * *")
@app.task(name="close-ballots", queueing_lock="close-ballots")
def close_ballots(timestamp: int) -> None:
    """Close what is due."""
    actions.close_due_ballots()


@app.task(
    name="wipe-ballots",
    lock="wipe-ballots",
    retry=RetryStrategy(wait=WIPE_AGAIN_S),
)
def wipe_ballots() -> None:
    """Let the database forget what the close of a secret ballot has overwritten."""
    wipe()
