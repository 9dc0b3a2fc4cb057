"""The members' register of each cooperative: its lines, their history and what members paid in."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.registry.models.nodes import Node
from reciproca.shared.ids import uuid7


class MembershipState(models.TextChoices):
    APPLIED = "applied", _("Domanda presentata")
    ADMITTED = "admitted", _("Domanda accolta")
    REGISTERED = "registered", _("Nel libro soci")
    SUSPENDED = "suspended", _("Iscrizione sospesa")
    REFUSED = "refused", _("Domanda non accolta")
    WITHDRAWN = "withdrawn", _("Recesso")
    EXCLUDED = "excluded", _("Esclusione")
    DECEASED = "deceased", _("Decesso")
    TRANSFERRED = "transferred", _("Quota ceduta")
    ANNULLED = "annulled", _("Iscrizione annullata")


class MemberKind(models.TextChoices):
    COOPERATOR = "cooperator", _("Socio cooperatore")
    WORKER = "worker_member", _("Socio lavoratore")
    SERVICE_USER = "service_user_member", _("Socio fruitore")
    VOLUNTEER = "volunteer_member", _("Socio volontario")
    FINANCING = "financing_member", _("Socio sovventore")


LIVE_STATES = ["applied", "admitted", "registered", "suspended"]


class Membership(models.Model):
    """
    One line of a cooperative's members' register; its share capital is in the ledger.

    Annulled, it was never one: it came in by a file that was taken back, and has no number.
    `kept_name` is what the register calls somebody who is erased, up to and including `kept_until`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Node, models.PROTECT, related_name="memberships")
    cooperative = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=MemberKind, default=MemberKind.COOPERATOR)
    state = models.CharField(max_length=12, choices=MembershipState)
    number = models.IntegerField(null=True)
    applied_on = models.DateField()
    registered_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    kept_name = models.CharField(max_length=200, blank=True, db_default="")
    kept_until = models.DateField(null=True)
    imported_by = models.ForeignKey(
        "imports.Import", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative", "member"],
                condition=Q(state__in=LIVE_STATES),
                name="registry_one_live_membership",
            ),
            models.UniqueConstraint(
                fields=["cooperative", "number"], name="registry_register_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(member=F("cooperative")), name="registry_not_member_of_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state="registered")
                | Q(number__isnull=False, registered_on__isnull=False),
                name="registry_registered_has_number_and_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="annulled") | Q(number=None, registered_on=None),
                name="registry_annulled_was_never_registered",
            ),
            models.CheckConstraint(
                condition=Q(kept_name="") | Q(kept_until__isnull=False),
                name="registry_name_kept_until_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["cooperative", "state", "number"], name="registry_members_register"
            ),
            # The register in the order in which its page shows it.
            models.Index(
                F("cooperative"),
                F("number").asc(nulls_first=True),
                F("applied_on").desc(),
                F("id"),
                name="registry_register_in_order",
                include=["state"],
            ),
            models.Index(
                fields=["imported_by", "id"],
                name="registry_lines_of_import",
                condition=Q(imported_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.cooperative_id}"


class MembershipEvent(models.Model):
    """The history of a membership: append-only, a wrong line is followed by a right one."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="events")
    state = models.CharField(max_length=12, choices=MembershipState)
    happened_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.state} {self.happened_on}"


class ShareTransfer(models.Model):
    """
    A member's whole share that passed to somebody else. Append-only; `key` is the client's own id.

    `authorisation` says which resolution of the directors allowed it; empty where their time to
    answer ran out, which allows it too.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=100)
    giver = models.OneToOneField(Membership, models.PROTECT, related_name="share_given")
    taker = models.ForeignKey(Membership, models.PROTECT, related_name="shares_taken")
    amount_cents = models.BigIntegerField()
    asked_on = models.DateField()
    happened_on = models.DateField()
    authorisation = models.CharField(max_length=200, blank=True)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="registry_share_passes_on"),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0), name="registry_share_transfer_positive"
            ),
            models.CheckConstraint(
                condition=Q(asked_on__lte=F("happened_on")),
                name="registry_share_asked_for_before_it_passes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} from {self.giver_id} to {self.taker_id}"


class CapitalMovement(models.Model):
    """
    Share capital that a member paid in (whole cents, positive) or was given back (negative).

    The fact behind the transfers `share-capital` and `share-repaid`; with a `transfer`, which gives
    each side one movement, behind `share-passed-on` and `share-taken-over`. Append-only; `key` is
    the client's own id.
    """

    id = models.UUIDField(primary_key=True)
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="capital_movements", db_index=False
    )
    key = models.CharField(max_length=100)
    amount_cents = models.BigIntegerField()
    transfer = models.ForeignKey(
        ShareTransfer, models.PROTECT, null=True, related_name="movements", db_index=False
    )
    happened_on = models.DateField()
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "key"], name="registry_capital_key_once"),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="registry_capital_moves"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} of {self.membership_id}"
