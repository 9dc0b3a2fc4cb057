"""What can be done with the log: open it, and record facts in it."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.shared.ids import uuid7
from reciproca.transparency import guarding, keys, writing
from reciproca.transparency.keeping import check_witnesses, keep
from reciproca.transparency.models import Erasure, Leaf, Log, Opening, Witness
from reciproca.transparency.rules import leaves as rules
from reciproca.transparency.rules import notes
from reciproca.transparency.rules.leaves import leaf, opened
from reciproca.transparency.sequencing import sequence

__all__ = ["keep", "open_log", "record", "record_opened", "sequence"]


class KeyOfAnotherLog(DomainError):
    code = "log-key-of-another"
    message = _("La chiave in %(path)s è del registro %(name)s, non di %(origin)s.")


class NothingToErase(DomainError):
    code = "nothing-to-erase"
    message = _("Fra questi fatti ce n’è uno che non è mai entrato nel registro pubblico.")
    status = 404


class WitnessUnreadable(DomainError):
    code = "witness-unreadable"
    message = _("Questo testimone non si può aggiungere: %(trouble)s.")
    status = 422


class WitnessKnown(DomainError):
    code = "witness-known"
    message = _("A questo indirizzo c’è già un altro testimone.")


class WitnessUnknown(DomainError):
    code = "witness-unknown"
    message = _("Non c’è un testimone con questo indirizzo.")
    status = 404


class QuorumTooHigh(DomainError):
    code = "quorum-too-high"
    message = _("I testimoni sono %(witnesses)s: non possono firmare in %(quorum)s.")


class StillContradicted(DomainError):
    code = "log-still-contradicted"
    message = _(
        "Il registro resta fermo: c’è una testa firmata che non gli corrisponde (%(reason)s)."
        " Recupera le voci che mancano, come spiega docs/restoring-a-log.md."
    )


def record(leaves: Sequence[rules.Leaf], /) -> None:
    """
    Record facts in the log, within the transaction that records them elsewhere.

    Their entries wait for a place; who commits the fact has committed to the leaf. A fact is
    recorded once: a second leaf of its id is an IntegrityError.
    """
    record_opened(opened(leaves))


def record_opened(openings: Sequence[rules.Opening], /) -> None:
    """Record facts whose salts are known already: somebody holds a receipt of their entries."""
    if openings:
        writing.write_openings(openings)


def record_with(
    leaves: Sequence[rules.Leaf], statement: str, parameters: Sequence[object], /
) -> None:
    """Record a few facts in the log by the very statement that records them elsewhere."""
    writing.write_with_openings(opened(leaves), statement, parameters)


@transaction.atomic
def erase(*, facts: Collection[UUID], ground: str, erased_at: datetime) -> int:
    """
    Erase what entries stand for, payload and salt, and return how many there still were.

    The entries stay, and say nothing of anybody any more: roots and other people's proofs hold. A
    leaf of kind E tells that this was done, when and by which legal `ground` (a short word such as
    `gdpr-17`); it names the entry, not the fact. Those that wait for a place are given one first,
    by the sequencer: until then they cannot be erased (NothingToErase), which lasts a second.

    Raises: NothingToErase.
    """
    places = dict(Leaf.objects.filter(fact__in=facts).values_list("fact", "index"))
    if places.keys() != set(facts):
        raise NothingToErase
    known = set(Erasure.objects.filter(fact__in=facts).values_list("fact", flat=True))
    fresh = sorted(places.keys() - known)
    Erasure.objects.bulk_create(
        [Erasure(fact=fact, ground=ground, erased_at=erased_at) for fact in fresh]
    )
    Opening.objects.filter(fact__in=fresh).delete()
    day = erased_at.astimezone(UTC).date().isoformat()
    record(
        [
            leaf(
                kind="E",
                id=uuid7(),
                content={"index": places[fact], "erased_on": day, "ground": ground},
            )
            for fact in fresh
        ]
    )
    return len(fresh)


@transaction.atomic
def open_log(*, slug: str) -> Log:
    """
    Open this installation's log and make its key, or read the keys of the one that is open.

    The origin, the public host and `slug`, is never changed afterwards.

    Raises: keys.KeyMissing (the log is older than its key file), KeyOfAnotherLog.
    """
    path = keys.key_path()
    found = Log.objects.first()
    if found is None:
        origin = f"{settings.LOG_HOST}/log/{slug}"
        signer = keys.make_key(path, name=origin, algorithm=notes.ED25519)
        # The key file may be older than the database: its name is then the origin to go on with.
        found, _made = Log.objects.get_or_create(id=1, defaults={"origin": signer.name})
    signers = keys.signers(path)
    name = signers[0].name
    if name != found.origin:
        raise KeyOfAnotherLog(path=path, name=name, origin=found.origin)
    found.vkeys = "".join(f"{each.verifier}\n" for each in signers)
    found.save(update_fields=["vkeys"])
    return found


def add_witness(*, url: str, vkey: str) -> Witness:
    """
    Ask one more witness to cosign; `url` is its prefix. One whose key is known has moved there.

    Raises: WitnessUnreadable, WitnessKnown (the address is another's).
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WitnessUnreadable(trouble=_("l’indirizzo comincia con https://"))
    try:
        verifier = notes.read_verifier(vkey)
    except notes.NoteMalformed as mistake:
        raise WitnessUnreadable(trouble=mistake) from mistake
    if verifier.algorithm not in (notes.COSIGNATURE, notes.POST_QUANTUM):
        raise WitnessUnreadable(trouble=_("la chiave non è di un testimone"))
    try:
        with transaction.atomic():
            witness, _is_new = Witness.objects.update_or_create(
                vkey=str(verifier), defaults={"url": url.rstrip("/")}
            )
    except IntegrityError as mistake:
        raise WitnessKnown from mistake
    return witness


@transaction.atomic
def dismiss_witness(*, url: str) -> None:
    """Ask a witness no more. Raises: WitnessUnknown, QuorumTooHigh (too few would be left)."""
    log = Log.objects.select_for_update().first()
    if not Witness.objects.filter(url=url.rstrip("/")).delete()[0]:
        raise WitnessUnknown
    if log:
        _check_quorum(log.quorum)


@transaction.atomic
def set_quorum(*, witnesses: int) -> None:
    """Call a head witnessed once so many cosigned it. Raises: QuorumTooHigh."""
    _check_quorum(witnesses)
    Log.objects.update(quorum=witnesses)


def forget_head() -> None:
    """Forget which head was signed last: only for a log that nobody outside has seen."""
    guarding.archive_path().unlink(missing_ok=True)


def resume_log() -> None:
    """
    Let a log that was stopped sign again, if nothing that was signed contradicts it any more.

    Raises: StillContradicted.
    """
    Log.objects.update(stopped="")
    if guarding.check_archive() or check_witnesses():
        raise StillContradicted(reason=Log.objects.get().stopped)


def _check_quorum(wanted: int) -> None:
    there = Witness.objects.count()
    if wanted > there:
        raise QuorumTooHigh(witnesses=there, quorum=wanted)
