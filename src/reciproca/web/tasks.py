"""What the workers do for pages that join rooms."""

from procrastinate.contrib.django import app

from reciproca.web.importing import jobs
from reciproca.web.lists import later


@app.periodic(cron="30 3 * * *")
@app.task(name="forget-old-previews", queueing_lock="forget-old-previews")
def forget_old_previews(timestamp: int) -> None:
    """Give up the files that nobody confirmed."""
    jobs.forget_old_previews()


@app.periodic(cron="15 * * * *")
@app.task(name="forget-old-files", queueing_lock="forget-old-files")
def forget_old_files(timestamp: int) -> None:
    """Delete the files whose day is over."""
    later.forget_old_files()
