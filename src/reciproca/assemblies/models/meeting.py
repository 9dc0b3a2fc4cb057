"""One meeting of a body: its call, its roll, who was told, who represents whom, who is there."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.models.bodies import Body, Statute
from reciproca.shared.ids import uuid7


class Assembly(models.Model):
    """
    A meeting, from its draft to its approved minutes.

    Once it is called, `statute` says by which rules, and its electors are those of `reference_on`;
    with that day alone it is being called.
    `call` is the one in which it met. Each step has its instant; the order of the steps is the
    database's too.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="assemblies")
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=300, blank=True)
    first_call_at = models.DateTimeField()
    second_call_at = models.DateTimeField(null=True)
    statute = models.ForeignKey(Statute, models.PROTECT, null=True, related_name="+")
    reference_on = models.DateField(null=True)
    remote_ground = models.CharField(max_length=300, blank=True)
    call = models.SmallIntegerField(null=True)
    chair = models.ForeignKey("registry.Node", models.PROTECT, null=True, related_name="+")
    secretary = models.ForeignKey("registry.Node", models.PROTECT, null=True, related_name="+")
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(db_default=Now())
    called_by = models.UUIDField(null=True)
    called_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    minutes = models.ForeignKey("shared.Document", models.PROTECT, null=True, related_name="+")
    protocol_number = models.CharField(max_length=60, blank=True)
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second_call_at=None) | Q(second_call_at__gt=F("first_call_at")),
                name="assemblies_second_call_after_first",
            ),
            models.CheckConstraint(
                condition=~Q(place="") | ~Q(link=""), name="assemblies_meets_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(called_at=None) | Q(statute__isnull=False, reference_on__isnull=False),
                name="assemblies_called_by_a_statute",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(called_at__isnull=False, call__in=[1, 2]),
                name="assemblies_opened_after_call",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | Q(opened_at__isnull=False, closed_at__gte=F("opened_at")),
                name="assemblies_closed_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(closed_at__isnull=False, minutes__isnull=False),
                name="assemblies_minutes_after_close",
            ),
        ]
        indexes = [models.Index(fields=["body", "-first_call_at"], name="assemblies_of_a_body")]

    def __str__(self) -> str:
        return self.title


class Item(models.Model):
    """A point of the agenda; its order is its number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="items", db_index=False)
    number = models.SmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "number"], name="assemblies_item_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Attached(models.Model):
    """A document that members read for a point of the agenda."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="attached")
    document = models.OneToOneField("shared.Document", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.document_id)


class Elector(models.Model):
    """
    A line of the roll, frozen when the assembly is called: a member and their votes. Append-only.

    `number` is that of the members' register, None where there is none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="electors", db_index=False)
    member = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    number = models.IntegerField(null=True)
    votes = models.SmallIntegerField()
    financing = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "member"], name="assemblies_on_the_roll_once"
            ),
            models.CheckConstraint(condition=Q(votes__gte=1), name="assemblies_elector_votes"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.assembly_id}"


class SendingWay(models.TextChoices):
    NOTICE = "notice", _("Avviso nell’applicazione")
    PAPER = "paper", _("Lettera")
    CERTIFIED = "certified", _("PEC")
    HAND = "hand", _("A mano")


class Sending(models.Model):
    """
    Proof that an elector was told: how and when. Append-only.

    `reference` is the number of a letter or the id of a certified mail.
    """

    elector = models.ForeignKey(Elector, models.PROTECT, related_name="sendings")
    way = models.CharField(max_length=10, choices=SendingWay)
    reference = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.way} {self.sent_at}"


class Proxy(models.Model):
    """`giver` lets `holder`, another elector, vote in their place at this one assembly."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    giver = models.ForeignKey(Elector, models.PROTECT, related_name="proxies_given")
    holder = models.ForeignKey(Elector, models.PROTECT, related_name="proxies_held")
    document = models.ForeignKey("shared.Document", models.PROTECT, null=True, related_name="+")
    given_by = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    revoked_by = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver"],
                condition=Q(revoked_at=None),
                name="assemblies_one_live_proxy_each",
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("holder")), name="assemblies_proxy_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} to {self.holder_id}"


class Where(models.TextChoices):
    DOOR = "door", _("In sala")
    REMOTE = "remote", _("A distanza")


class Presence(models.Model):
    """
    An elector is there from an instant to an instant.

    `person` is who really came: the member, or whoever represents an organisation.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    elector = models.ForeignKey(Elector, models.PROTECT, related_name="presences")
    person = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    where = models.CharField(max_length=6, choices=Where)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["elector"],
                condition=Q(left_at=None),
                name="assemblies_present_once",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("came_at")),
                name="assemblies_left_after_coming",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.elector_id} from {self.came_at}"


class Turn(models.Model):
    """An elector asked to speak; and spoke, from an instant to an instant."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    elector = models.ForeignKey(Elector, models.PROTECT, related_name="turns")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["elector"],
                condition=Q(ended_at=None),
                name="assemblies_asks_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.elector_id} asked {self.asked_at}"
