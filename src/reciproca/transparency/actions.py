"""What can be done with the log: open it, and record facts in it."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.transparency import keys, writing
from reciproca.transparency.models import Log
from reciproca.transparency.rules import notes
from reciproca.transparency.rules.leaves import Leaf, opened
from reciproca.transparency.sequencing import key_path, sequence

__all__ = ["open_log", "record", "sequence"]


class KeyOfAnotherLog(DomainError):
    code = "log-key-of-another"
    message = _("La chiave in %(path)s è del registro %(name)s, non di %(origin)s.")


def record(leaves: Sequence[Leaf], /) -> None:
    """
    Record facts in the log, within the transaction that records them elsewhere.

    Their entries wait for a place; who commits the fact has committed to the leaf. A fact is
    recorded once: a second leaf of its id is an IntegrityError.
    """
    if leaves:
        writing.write_openings(opened(leaves))


@transaction.atomic
def open_log(*, slug: str) -> Log:
    """
    Open this installation's log and make its key; one that is open already is returned as it is.

    The origin, the public host and `slug`, is never changed afterwards.

    Raises: keys.KeyMissing (the log is older than its key file), KeyOfAnotherLog.
    """
    path = key_path()
    found = Log.objects.first()
    if found is None:
        origin = f"{settings.LOG_HOST}/log/{slug}"
        signer = keys.make_key(path, name=origin, algorithm=notes.ED25519)
        # The key file may be older than the database: its name is then the origin to go on with.
        found, _made = Log.objects.get_or_create(id=1, defaults={"origin": signer.name})
    name = keys.signers(path)[0].name
    if name != found.origin:
        raise KeyOfAnotherLog(path=path, name=name, origin=found.origin)
    return found
