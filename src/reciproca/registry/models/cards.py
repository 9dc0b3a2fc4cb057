"""Cards, and what proves at a till that the one who shows a card may spend its holder's credit."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from reciproca.registry.models.assisted import DeskCheck
from reciproca.registry.models.nodes import Node
from reciproca.shared.ids import uuid7


class Card(models.Model):
    """A person's one card, valid everywhere: an EAN-13 number. Blocked ones stay for history."""

    number = models.CharField(primary_key=True, max_length=13)
    person = models.ForeignKey(Node, models.PROTECT, related_name="cards")
    issued_by = models.UUIDField(null=True)
    issued_at = models.DateTimeField(db_default=Now())
    blocked_by = models.UUIDField(null=True)
    blocked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(blocked_at=None),
                name="registry_one_live_card_per_person",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CardPin(models.Model):
    """
    The PIN of a card; only a keyed digest of it is kept.

    `wrong_tries` counts since the last right one; at the limit the PIN is worth nothing until a
    new one is set. With `check_asked` it is worth nothing until that is confirmed.
    """

    card = models.OneToOneField(Card, models.CASCADE, primary_key=True, related_name="pin")
    salt = models.BinaryField()
    digest = models.BinaryField()
    wrong_tries = models.SmallIntegerField(default=0)
    check_asked = models.ForeignKey(
        DeskCheck, models.PROTECT, null=True, related_name="pins", db_index=False
    )
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"PIN of {self.card_id}"


class PhoneKey(models.Model):
    """
    A phone that shows a card's short-lived codes, also without network.

    `secret` is shared with that phone alone. `last_step` is the moment of the last code that was
    used: neither it nor an earlier one is taken again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    card = models.ForeignKey(Card, models.CASCADE, related_name="phones")
    secret = models.BinaryField()
    name = models.CharField(max_length=100, blank=True)
    last_step = models.BigIntegerField(default=0)
    paired_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.card_id}"


class CardShown(models.Model):
    """
    A card that was shown at a seller's till; `may_spend` once a phone's code or the PIN proved
    that it is its holder who stands there. Good for one sale.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="+", db_index=False)
    seller = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False)
    may_spend = models.BooleanField(default=False)
    shown_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["shown_at"], name="registry_cards_shown_since")]

    def __str__(self) -> str:
        return f"{self.card_id} at {self.seller_id}"


class CardRefusal(models.Model):
    """
    A card, or a number that is nobody's (`card` null), that a till did not take. Append-only: its
    holder reads where and why, and whoever tries many numbers is stopped.
    """

    card = models.ForeignKey(Card, models.PROTECT, null=True, related_name="refusals")
    seller = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=40)
    refused_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["seller", "refused_at"],
                name="registry_numbers_of_nobody",
                condition=Q(card__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.card_id}"
