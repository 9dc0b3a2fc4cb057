"""What is offered and looked for, where it is picked up, and what somebody objected to."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from reciproca.market.rules import WHOLE
from reciproca.market.vocabulary import Allergen, Category, Kind, Unit


class Product(models.Model):
    """A product of the shared catalogue: what its barcode says of it, whoever sells it."""

    ean = models.CharField(primary_key=True, max_length=14)
    name = models.CharField(max_length=120)
    ingredients = models.TextField(blank=True)
    imported_by = models.ForeignKey("imports.Import", models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class PickupPoint(models.Model):
    """Where a seller hands over, and when it is open, in the seller's words."""

    id = models.UUIDField(primary_key=True)
    seller = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    municipality = models.ForeignKey("registry.Municipality", models.PROTECT, related_name="+")
    address = models.CharField(max_length=200)
    hours = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


def _stems(column: str, weight: str) -> Func:
    return Func(
        F(column),
        template=f"setweight(to_tsvector('italian', %(expressions)s), '{weight}')",
        output_field=SearchVectorField(),
    )


class Offer(models.Model):
    """
    Something that an organisation offers or looks for.

    Quantities are thousandths of `unit`; `step_milli` is the least that is sold, and its multiples.
    `stock_milli` is None where it does not run out. `farthest_metres` and `is_km0` were computed
    from the places on `measured_on`. `head` and `body` are its words without capitals and accents,
    for the search.
    """

    id = models.UUIDField(primary_key=True)
    seller = models.ForeignKey("registry.Node", models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind)
    category = models.CharField(max_length=16, choices=Category)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    unit = models.CharField(max_length=6, choices=Unit, default=Unit.PIECE)
    pack = models.CharField(max_length=40, blank=True)
    price_cents = models.BigIntegerField(null=True)
    step_milli = models.IntegerField(default=WHOLE)
    stock_milli = models.BigIntegerField(null=True)
    ean = models.CharField(max_length=14, blank=True)
    allergens = ArrayField(models.CharField(max_length=11, choices=Allergen), default=list)
    pickup = models.ForeignKey(PickupPoint, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(
        "registry.Municipality", models.PROTECT, null=True, related_name="+", db_index=False
    )
    grown_in = models.ForeignKey(
        "registry.Municipality", models.PROTECT, null=True, related_name="+", db_index=False
    )
    processed_in = models.ForeignKey(
        "registry.Municipality", models.PROTECT, null=True, related_name="+", db_index=False
    )
    farthest_metres = models.IntegerField(null=True)
    is_km0 = models.BooleanField(default=False)
    measured_on = models.DateField(null=True)
    member_terms = models.CharField(max_length=300, blank=True)
    contribution_cents = models.BigIntegerField(null=True)
    valid_until = models.DateField(null=True)
    head = models.TextField()
    body = models.TextField(blank=True)
    vector = models.GeneratedField(
        expression=Func(
            _stems("head", "A"), _stems("body", "C"), template="%(expressions)s", arg_joiner=" || "
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    hidden_at = models.DateTimeField(null=True)
    hidden_because = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    imported_by = models.ForeignKey("imports.Import", models.PROTECT, null=True, related_name="+")
    made_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "key"], name="market_offered_once"),
            models.UniqueConstraint(
                fields=["seller", "ean"],
                condition=Q(ended_at=None) & ~Q(ean=""),
                name="market_barcode_offered_once",
            ),
            models.CheckConstraint(
                condition=Q(stock_milli=None) | Q(stock_milli__gte=0),
                name="market_stock_never_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(price_cents=None) | Q(price_cents__gt=0), name="market_price_positive"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.GOODS) | Q(price_cents__isnull=False, pickup__isnull=False),
                name="market_goods_have_price_and_pickup",
            ),
            models.CheckConstraint(condition=Q(step_milli__gt=0), name="market_step_positive"),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_because=""),
                name="market_hidden_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_km0=False) | Q(measured_on__isnull=False),
                name="market_km0_was_measured",
            ),
        ]
        indexes = [
            GinIndex(fields=["vector"], name="market_offer_by_word"),
            models.Index(
                fields=["-id"],
                condition=Q(ended_at=None, hidden_at=None),
                name="market_offer_newest",
            ),
            # Counting what is open by place, which every search does, reads this alone.
            models.Index(
                fields=["place"],
                include=["valid_until"],
                condition=Q(ended_at=None, hidden_at=None),
                name="market_offer_by_place",
            ),
            models.Index(
                fields=["category", "-id"],
                condition=Q(ended_at=None, hidden_at=None),
                name="market_offer_by_category",
            ),
            models.Index(fields=["seller", "-id"], name="market_offer_by_seller"),
        ]

    def __str__(self) -> str:
        return self.title


class Photo(models.Model):
    """An offer's photo: a JPEG of our own making, without what the camera wrote into it."""

    offer = models.OneToOneField(Offer, models.PROTECT, primary_key=True, related_name="photo")
    alt = models.CharField(max_length=200)
    width = models.IntegerField()
    height = models.IntegerField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.alt


class Word(models.Model):
    """A word that stands in some offer."""

    text = models.CharField(primary_key=True, max_length=40)

    def __str__(self) -> str:
        return self.text


class WordPiece(models.Model):
    """A trigram of such a word: what finds the word for one that was mistyped."""

    pk = models.CompositePrimaryKey("piece", "word")
    piece = models.CharField(max_length=3)
    word = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.piece} of {self.word}"


class Complaint(models.Model):
    """Somebody says that an offer must not be there; an officer answers, with reasons to both."""

    id = models.UUIDField(primary_key=True)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="complaints")
    key = models.UUIDField()
    text = models.CharField(max_length=1_000)
    made_by = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    hides = models.BooleanField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["made_by", "key"], name="market_complained_once"),
            models.CheckConstraint(
                condition=Q(hides=None, decided_at=None, answer="")
                | (Q(hides__isnull=False, decided_at__isnull=False) & ~Q(answer="")),
                name="market_decision_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"about {self.offer_id}"
