"""What workers do for the market by themselves."""

from django.utils import timezone
from procrastinate.contrib.django import app

from reciproca.market.actions import expire_orders


@app.periodic(cron="*/5 * * * *")
@app.task(name="expire-market-orders", queueing_lock="expire-market-orders")
def expire_late_orders(timestamp: int) -> None:
    """Close the orders that nobody picked up in time."""
    expire_orders(at=timezone.now())
