"""What the workers do for this room: send the mails."""

from uuid import UUID

from procrastinate.contrib.django import app

from reciproca.notices.mail import mail_digests, mail_people


@app.periodic(cron="0 7 * * *")
@app.task(name="mail-digests", queueing_lock="mail-digests")
def mail_all(timestamp: int) -> None:
    """Send everybody's digest, once a day."""
    mail_digests()


@app.task(name="mail-now")
def mail_now(*, people: list[str], kinds: list[str]) -> None:
    """Mail these people what they asked to hear at once."""
    mail_people(people=[UUID(person) for person in people], kinds=kinds)
