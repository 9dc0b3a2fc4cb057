"""Nodes: people, organisations, funds, and the places where they are."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from reciproca.shared.ids import uuid7


def plain_sql(text: str) -> str:
    """Return SQL for `text` without capitals and accents: “Caffè” and “CAFFE” are one word."""
    return rf"lower(regexp_replace(normalize({text}, NFD), '[\u0300-\u036F]', '', 'g'))"


class Plain(models.Func):
    """A text without capitals and accents, in Django's words."""

    template = plain_sql("%(expressions)s")
    output_field = models.TextField()


class Municipality(models.Model):
    """A municipality of Italy: ISTAT code, a point inside it, population (null for the newest)."""

    istat_code = models.CharField(primary_key=True, max_length=6)
    name = models.CharField(max_length=80)
    province_sigla = models.CharField(max_length=2)
    province = models.CharField(max_length=60)
    region = models.CharField(max_length=60)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(Lower("name"), "province_sigla", name="registry_municipality_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.province_sigla})"


class NodeKind(models.TextChoices):
    PERSON = "person", _("Persona")
    COOPERATIVE = "cooperative", _("Cooperativa")
    COMPANY = "company", _("Impresa")
    PURCHASING_GROUP = "purchasing_group", _("Gruppo d’acquisto")
    FEDERATION = "federation", _("Federazione")
    FUND = "fund", _("Fondo")
    POOL = "pool", _("Monte da ripartire")
    PROJECT = "project", _("Progetto")


class Node(models.Model):
    """Whoever or whatever takes part: a person, an organisation, a fund. All else points here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, choices=NodeKind)
    name = models.CharField(max_length=200)
    name_key = models.GeneratedField(
        expression=Plain(F("name")), output_field=models.TextField(), db_persist=True
    )
    description = models.TextField(blank=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    account_name = models.CharField(max_length=140, blank=True)
    held_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="holds")
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)
    # Who this entry turned out to be: it is closed, and found under its heir.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(closed_at__isnull=False),
                name="registry_merged_is_closed",
            ),
            models.CheckConstraint(
                # A fund, pool or project has no bank of its own: somebody else holds its money.
                condition=~Q(kind__in=["fund", "pool", "project"]) | Q(held_by__isnull=False),
                name="registry_fund_is_held_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "name_key", "id"], name="registry_node_by_name"),
            # A cooperative finds its members by any part of the name; the rest has the directory.
            GinIndex(
                SearchVector("name_key", config="simple"),
                name="registry_person_by_word",
                condition=Q(kind="person"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NodeChange(models.Model):
    """Somebody changed a field of a node's entry. Append-only; of people only that it changed."""

    node = models.ForeignKey(Node, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=40)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    changed_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.field} of {self.node_id}"


class Mutuality(models.TextChoices):
    PREVALENT = "prevalent", _("Mutualità prevalente")
    OTHER = "other", _("Cooperativa diversa")


class MutualExchange(models.TextChoices):
    """What members exchange with their cooperative; decides the patronage refund's ceiling."""

    USERS = "users", _("Utenza: i soci comprano")
    WORK = "work", _("Lavoro: i soci lavorano")
    CONTRIBUTION = "contribution", _("Conferimento: i soci conferiscono")


class Sector(models.TextChoices):
    CONSUMER = "consumer", _("Consumo")
    AGRICULTURE = "agriculture", _("Agricole")
    SOCIAL = "social", _("Sociali")
    SERVICES = "services", _("Servizi e lavoro")
    CREDIT = "credit", _("Credito")
    HOUSING = "housing", _("Abitazione")
    ENERGY = "energy", _("Energia")
    CULTURE = "culture", _("Cultura e turismo")
    MOBILITY = "mobility", _("Mobilità")
    OTHER = "other", _("Altro")


class Category(models.TextChoices):
    """Categories of the register of cooperatives (D.M. 23 June 2004)."""

    WORK = "work", _("Produzione e lavoro")
    AGRICULTURAL_WORK = "agricultural_work", _("Lavoro agricolo")
    SOCIAL = "social", _("Sociali")
    AGRICULTURAL = "agricultural", _("Conferimento prodotti agricoli")
    HOUSING = "housing", _("Edilizie di abitazione")
    FISHING = "fishing", _("Pesca")
    CONSUMER = "consumer", _("Consumo")
    RETAILERS = "retailers", _("Dettaglianti")
    TRANSPORT = "transport", _("Trasporto")
    CONSORTIUM = "consortium", _("Consorzi cooperativi")
    AGRICULTURAL_CONSORTIUM = "agricultural_consortium", _("Consorzi agrari")
    BANK = "bank", _("Banche di credito cooperativo")
    GUARANTEE = "guarantee", _("Consorzi e cooperative di garanzia")
    OTHER = "other", _("Altre cooperative")


class Organisation(models.Model):
    """What an organisation has beside its name; codes are empty or valid (`shared.identifiers`)."""

    node = models.OneToOneField(Node, models.CASCADE, primary_key=True, related_name="organisation")
    legal_name = models.CharField(max_length=250)
    sector = models.CharField(max_length=20, choices=Sector, default=Sector.OTHER)
    category = models.CharField(max_length=30, choices=Category, blank=True)
    mutuality = models.CharField(max_length=10, choices=Mutuality, blank=True)
    mutual_exchange = models.CharField(max_length=12, choices=MutualExchange, blank=True)
    register_number = models.CharField(max_length=12, blank=True)
    tax_code = models.CharField(max_length=16, blank=True)
    vat_number = models.CharField(max_length=11, blank=True)
    rea = models.CharField(max_length=12, blank=True)
    certified_email = models.EmailField(blank=True)
    sdi_code = models.CharField(max_length=7, blank=True)
    ateco_code = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tax_code"],
                condition=~Q(tax_code=""),
                name="registry_organisation_tax_code_once",
            ),
        ]
        indexes = [models.Index(fields=["sector"], name="registry_organisation_sector")]

    def __str__(self) -> str:
        return self.legal_name


class Person(models.Model):
    """A person's own data; never shown outside the cooperatives the person belongs to."""

    node = models.OneToOneField(Node, models.CASCADE, primary_key=True, related_name="person")
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    tax_code = models.CharField(max_length=16, blank=True)
    born_on = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tax_code"], condition=~Q(tax_code=""), name="registry_person_tax_code_once"
            ),
        ]
        indexes = [models.Index(Lower("email"), name="registry_person_email")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class DirectoryEntry(models.Model):
    """
    What the public directory finds an organisation, a fund or a project by.

    Written whenever one of them changes. People never have an entry: what is not here cannot be
    shown to strangers, and a hundred thousand people slow no search down.
    """

    node = models.OneToOneField(
        Node, models.CASCADE, primary_key=True, related_name="directory_entry"
    )
    kind = models.CharField(max_length=20, choices=NodeKind)
    name_key = models.TextField()
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, related_name="+")
    province_sigla = models.CharField(max_length=2, blank=True)
    words = SearchVectorField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["person", "pool"]), name="registry_directory_without_people"
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="registry_directory_words"),
            models.Index(fields=["name_key", "node"], name="registry_directory_by_name"),
            models.Index(
                fields=["kind", "sector", "province_sigla", "municipality"],
                name="registry_directory_facets",
            ),
        ]

    def __str__(self) -> str:
        return self.name_key


class ExternalId(models.Model):
    """What a node is called in somebody else's files: `source` names whose, `value` is its key."""

    node = models.ForeignKey(Node, models.CASCADE, related_name="external_ids")
    source = models.CharField(max_length=60)
    value = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "value"], name="registry_external_id_once")
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.value}"


class Community(models.Model):
    """The one community of this database and the federation that runs it."""

    only = models.BooleanField(primary_key=True, default=True)
    name = models.CharField(max_length=120)
    federation = models.ForeignKey(Node, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(only=True), name="registry_one_community_per_database"
            )
        ]

    def __str__(self) -> str:
        return self.name
