"""What tills keep of people who are erased."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction

from reciproca.tills.models import OperatorCode


@transaction.atomic
def forget_people(*, people: Collection[UUID], cards: Collection[str]) -> None:
    """
    Delete the codes with which erased people unlocked tills, and take their cards' numbers out of
    held sales: what was sold stays, to be decided or read. Their cards must still be there.
    """
    OperatorCode.objects.filter(person__in=people).delete()
    with connection.cursor() as cursor:
        for number in cards:
            cursor.execute(
                "UPDATE tills_heldsale SET payload = tills_without_card(payload, %(number)s)"
                " WHERE tills_names_card(payload, %(number)s)",
                {"number": number},
            )
