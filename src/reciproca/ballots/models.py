"""
A ballot, its roll, and the votes: open ones with who cast them, secret ones with nothing.

What the database itself refuses beyond these constraints is in `sql.py`.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from reciproca.ballots.rules.choices import Method
from reciproca.shared.ids import uuid7


class Ballot(models.Model):
    """
    A question put to the vote, with the whole rule of how it is counted. Append-only.

    `seed` decides draws; only its digest is told before the close.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.UUIDField()
    body = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    question = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    policy = models.ForeignKey("governance.Policy", models.PROTECT, null=True, related_name="+")
    method = models.CharField(max_length=20, choices=[(each, each) for each in Method])
    secret = models.BooleanField()
    may_change = models.BooleanField()
    majority_base = models.CharField(max_length=10, blank=True)
    majority_share = models.CharField(max_length=40, blank=True)
    majority_strict = models.BooleanField()
    quorum_share = models.CharField(max_length=40)
    quorum_strict = models.BooleanField()
    seats = models.SmallIntegerField()
    most_choices = models.SmallIntegerField(null=True)
    budget_cents = models.BigIntegerField(null=True)
    utility = models.CharField(max_length=12)
    seed = models.CharField(max_length=64)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["reference"], name="ballots_of_a_motion")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(secret=True, may_change=True), name="ballots_secret_vote_is_final"
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="ballots_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(seats__gt=0)
                & (Q(most_choices=None) | Q(most_choices__gt=0))
                & (Q(budget_cents=None) | Q(budget_cents__gt=0)),
                name="ballots_bounds_are_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.question


class Option(models.Model):
    """Something to choose, in the order of the ballot paper. Append-only."""

    id = models.BigAutoField(primary_key=True)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="options", db_index=False)
    number = models.SmallIntegerField()
    key = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    cost_cents = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "number"], name="ballots_option_number_once"),
            models.UniqueConstraint(fields=["ballot", "key"], name="ballots_option_key_once"),
            models.CheckConstraint(
                condition=Q(cost_cents=None) | Q(cost_cents__gt=0),
                name="ballots_option_cost_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Channel(models.TextChoices):
    """How a vote came in; empty as long as there is none."""

    NONE = ""
    ONLINE = "online"
    ASSISTED = "assisted"
    PAPER = "paper"


class Elector(models.Model):
    """
    A line of a ballot's roll: who has how many votes, who casts them, and whether they did.

    Of a secret vote this is all that is known of the person; its key is random, and the roll is
    written anew in random order at the close.
    """

    id = models.UUIDField(primary_key=True)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="roll", db_index=False)
    member = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    caster = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    votes = models.SmallIntegerField()
    financing = models.BooleanField()
    present = models.BooleanField()
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.NONE, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "member"], name="ballots_elector_once"),
            models.CheckConstraint(condition=Q(votes__gt=0), name="ballots_elector_has_votes"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.ballot_id}"


class OpenVote(models.Model):
    """One vote whose caster is known: the minutes may name who was against."""

    code = models.UUIDField(primary_key=True)
    elector = models.ForeignKey(Elector, models.PROTECT, related_name="open_votes", db_index=False)
    unit = models.SmallIntegerField()
    choice = models.TextField()
    cast_by = models.UUIDField()
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["elector", "unit"], name="ballots_open_vote_once")
        ]

    def __str__(self) -> str:
        return str(self.code)


class ReplacedVote(models.Model):
    """The code of an open vote in whose place another was cast: the log still has its leaf."""

    code = models.UUIDField(primary_key=True)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.code)


class SecretVote(models.Model):
    """
    One vote of nobody: no elector, no time, no number that grows; the code is its voter's. Votes of
    open ballots become such votes when their roll is forgotten.

    Those of financing members are told apart until the close, and after it only if they count less.
    The salt is that of the leaf which enters the log at the close.
    """

    code = models.UUIDField(primary_key=True)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="secret_votes")
    financing = models.BooleanField()
    choice = models.TextField()
    salt = models.BinaryField()

    def __str__(self) -> str:
        return str(self.code)


class AssistedVote(models.Model):
    """
    A vote on an open ballot with which somebody at the desk helped whoever casts it: `caster`.

    Proved by the caster's own PIN or phone, or else on a signed form (`paper`) and confirmed by
    another one of the desk: until then it is not cast. What it says is an open vote's once it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    elector = models.ForeignKey(Elector, models.PROTECT, related_name="assisted")
    caster = models.ForeignKey("registry.Node", models.PROTECT, related_name="+", db_index=False)
    choice = models.TextField(blank=True)
    paper = models.CharField(max_length=40, blank=True)
    assisted_by = models.ForeignKey(
        "registry.Node", models.PROTECT, related_name="+", db_index=False
    )
    assisted_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        "registry.Node", models.PROTECT, null=True, related_name="+", db_index=False
    )
    cast_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["elector"], condition=Q(cast_at=None), name="ballots_assisted_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(cast_at=None, confirmed_by=None)
                | Q(cast_at__isnull=False, choice="")
                & (Q(paper="") | Q(confirmed_by__isnull=False)),
                name="ballots_assisted_proved_or_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(assisted_by=F("confirmed_by")) & ~Q(assisted_by=F("caster")),
                name="ballots_assisted_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.elector_id} helped by {self.assisted_by_id}"


class UrnPaper(models.Model):
    """Somebody's paper lies in the urn of a secret ballot, which is not counted yet: never what."""

    elector = models.OneToOneField(
        Elector, models.PROTECT, primary_key=True, related_name="urn_paper"
    )
    put_by = models.UUIDField()
    put_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"paper of {self.elector_id}"


class PaperReading(models.Model):
    """
    What one person read from papers: all is counted, and thrown away, once another reads the same.

    On an open ballot who chose what, on a secret one how many papers of an urn say what; those of
    `financing` members have an urn of their own.
    """

    id = models.BigAutoField(primary_key=True)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="readings", db_index=False)
    financing = models.BooleanField()
    content = models.TextField()
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "financing", "entered_by"], name="ballots_reads_once"
            ),
        ]

    def __str__(self) -> str:
        return f"papers of {self.ballot_id}"


class Closing(models.Model):
    """
    A ballot is closed and counted: the outcome as canonical JSON. Append-only.

    `leaf` is the fact by which the log commits to the published files.
    """

    ballot = models.OneToOneField(Ballot, models.PROTECT, primary_key=True, related_name="closing")
    leaf = models.UUIDField(default=uuid7, editable=False, unique=True)
    outcome = models.TextField()
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.ballot_id} closed"


class RollForgotten(models.Model):
    """
    The roll of a closed ballot was deleted, with who voted what; how many there were, and how many
    voted, stays. Append-only.
    """

    ballot = models.OneToOneField(
        Ballot, models.PROTECT, primary_key=True, related_name="forgotten"
    )
    electors = models.IntegerField()
    voted = models.IntegerField()
    forgotten_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"roll of {self.ballot_id}"
