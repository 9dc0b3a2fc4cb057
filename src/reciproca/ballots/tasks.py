"""What the workers do for ballots: close those whose hour has come."""

from procrastinate.contrib.django import app

from reciproca.ballots import actions


@app.periodic(cron="* * * * *")
@app.task(name="close-ballots", queueing_lock="close-ballots")
def close_ballots(timestamp: int) -> None:
    """Close what is due, and let the database forget what it has overwritten."""
    actions.close_due_ballots()
