"""What workers do for this room."""

from django.utils import timezone
from procrastinate.contrib.django import app

from reciproca.erasure.actions import erase_again, forget_what_is_over


@app.periodic(cron="45 3 * * *")
@app.task(name="forget-what-is-over", queueing_lock="forget-what-is-over")
def forget_kept(timestamp: int) -> None:
    """Erase whom a backup brought back, and what was kept of the erased once its time is over."""
    erase_again()
    forget_what_is_over(on=timezone.localdate())
