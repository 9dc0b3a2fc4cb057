"""The log's tables; what the database itself refuses is in `sql.py`."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from reciproca.transparency.rules import merkle


class Log(models.Model):
    """
    The one log of this installation: whose it is, how far it has grown, how far others saw it.

    `vkeys` are the public keys, one a line; the private ones are in a file that only the sequencer
    reads. `size` leaves are in tiles; the first `published` of them are under a checkpoint that we
    signed, the first `witnessed` under one with a quorum of cosignatures. Sizes only grow.
    `stopped` says why nothing is signed any more; empty while all is well.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    origin = models.CharField(max_length=255)
    vkeys = models.TextField(blank=True)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField(default=merkle.EMPTY_ROOT)
    published = models.BigIntegerField(default=0)
    witnessed = models.BigIntegerField(default=0)
    quorum = models.SmallIntegerField(default=0)
    stopped = models.TextField(blank=True)
    opened_at = models.DateTimeField(db_default=Now())
    confirmed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="transparency_one_log"),
            models.CheckConstraint(
                condition=Q(
                    published__lte=F("size"), witnessed__lte=F("published"), witnessed__gte=0
                ),
                name="transparency_grown_before_published_before_witnessed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class Waiting(models.Model):
    """An entry that has no place in the log yet, written with the fact it commits to."""

    fact = models.UUIDField(primary_key=True)
    entry = models.BinaryField()

    def __str__(self) -> str:
        return str(self.fact)


class Opening(models.Model):
    """What an entry stands for: canonical JSON and the salt. Gone once the fact is erased."""

    fact = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=1)
    payload = models.TextField()
    salt = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.kind} {self.fact}"


class Leaf(models.Model):
    """Which place a fact's entry has in the log, counted from zero. Append-only."""

    index = models.BigIntegerField(primary_key=True)
    fact = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"{self.index} {self.fact}"


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree, 32 bytes each; a row only grows."""

    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "number"], name="transparency_tile_once")
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"


class Bundle(models.Model):
    """Up to 256 entries, each after its length, as they are served; a row only grows."""

    number = models.BigIntegerField(primary_key=True)
    entries = models.BinaryField()

    def __str__(self) -> str:
        return str(self.number)


class Checkpoint(models.Model):
    """A size of the log and what is signed at it. Append-only: a size never gets another root."""

    size = models.BigIntegerField(primary_key=True)
    text = models.TextField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.size)


class Signature(models.Model):
    """
    A signature below a checkpoint: ours, or the freshest of a witness. `line` is as it is served.
    """

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="signatures")
    name = models.CharField(max_length=255)
    key_id = models.CharField(max_length=8)
    line = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checkpoint", "name", "key_id"], name="transparency_signature_once_a_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.checkpoint_id}"


class Witness(models.Model):
    """
    Who cosigns our checkpoints: address, public key, and what it last answered.

    `cosigned` is the size it knows; `trouble` is empty after a good answer.
    """

    id = models.BigAutoField(primary_key=True)
    url = models.URLField(max_length=300, unique=True)
    vkey = models.TextField(unique=True)
    cosigned = models.BigIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    added_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.url


class Erasure(models.Model):
    """An opening that is no more, and the legal ground. Append-only; without it none is deleted."""

    fact = models.UUIDField(primary_key=True)
    ground = models.CharField(max_length=60)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.fact)
