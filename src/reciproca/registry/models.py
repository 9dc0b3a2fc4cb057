"""The nodes of the community, what they are to one another, and who may act for whom."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from reciproca.shared.ids import uuid7


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
    """Whoever or whatever takes part: a person, an organisation, a fund. Everything else points here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, choices=NodeKind)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    account_name = models.CharField(max_length=140, blank=True)
    held_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="holds")
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                # A fund, pool or project has no bank of its own: a federation or cooperative holds its money.
                condition=~Q(kind__in=["fund", "pool", "project"]) | Q(held_by__isnull=False),
                name="registry_fund_is_held_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["kind", "name", "id"], name="registry_node_by_name")]

    def __str__(self) -> str:
        return self.name


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
    """What an organisation's node carries besides its name. Codes are empty or valid (`shared.identifiers`)."""

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

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A login. It belongs to one person; what that person may do stands in memberships and mandates."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField()
    person = models.OneToOneField(Node, models.PROTECT, null=True, blank=True, related_name="user")
    language = models.CharField(max_length=2, default="it")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="registry_user_email_once")]

    def __str__(self) -> str:
        return self.email


class ExternalId(models.Model):
    """What a node is called in somebody else's files: `source` names the file's maker, `value` is its own key."""

    node = models.ForeignKey(Node, models.CASCADE, related_name="external_ids")
    source = models.CharField(max_length=60)
    value = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "value"], name="registry_external_id_once")
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.value}"


class MembershipState(models.TextChoices):
    APPLIED = "applied", _("Domanda presentata")
    ADMITTED = "admitted", _("Ammesso")
    REGISTERED = "registered", _("Iscritto a libro soci")
    SUSPENDED = "suspended", _("Sospeso")
    REFUSED = "refused", _("Domanda respinta")
    WITHDRAWN = "withdrawn", _("Receduto")
    EXCLUDED = "excluded", _("Escluso")
    DECEASED = "deceased", _("Deceduto")
    TRANSFERRED = "transferred", _("Quota ceduta")


class MemberKind(models.TextChoices):
    COOPERATOR = "cooperator", _("Socio cooperatore")
    WORKER = "worker_member", _("Socio lavoratore")
    SERVICE_USER = "service_user_member", _("Socio fruitore")
    VOLUNTEER = "volunteer_member", _("Socio volontario")
    FINANCING = "financing_member", _("Socio sovventore")


LIVE_STATES = ["applied", "admitted", "registered", "suspended"]


class Membership(models.Model):
    """One line of a cooperative's members' register; its share capital is in the ledger."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Node, models.PROTECT, related_name="memberships")
    cooperative = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=MemberKind, default=MemberKind.COOPERATOR)
    state = models.CharField(max_length=12, choices=MembershipState)
    number = models.IntegerField(null=True)
    applied_on = models.DateField()
    registered_on = models.DateField(null=True)
    left_on = models.DateField(null=True)

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
        ]
        indexes = [
            models.Index(
                fields=["cooperative", "state", "number"], name="registry_members_register"
            )
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


class Role(models.TextChoices):
    MANAGER = "manager", _("Responsabile della cooperativa")
    TILL = "till", _("Operatore di cassa")
    OFFICER = "officer", _("Federazione")


class Mandate(models.Model):
    """A person may act for an organisation, in one role, from a day to a day; somebody granted it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Node, models.PROTECT, related_name="mandates")
    organisation = models.ForeignKey(Node, models.PROTECT, related_name="mandates_given")
    role = models.CharField(max_length=10, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    granted_by = models.UUIDField(null=True)
    granted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="registry_mandate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id} for {self.organisation_id}"


class Card(models.Model):
    """A person's one card, valid in every cooperative: an EAN-13 number. Blocked numbers stay for history."""

    number = models.CharField(primary_key=True, max_length=13)
    person = models.ForeignKey(Node, models.PROTECT, related_name="cards")
    issued_at = models.DateTimeField(db_default=Now())
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


class ApiKey(models.Model):
    """Lets an organisation's own software call the API; only the SHA-256 of the key is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Node, models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


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
