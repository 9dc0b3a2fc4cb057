"""Who may come in: logins, mandates to act for an organisation, API keys."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from reciproca.registry.models.nodes import Node
from reciproca.shared.ids import uuid7


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """
    A login. It belongs to one person; what that person may do stands in memberships and mandates.

    The names are what somebody wrote when signing up; they count until the e-mail address is
    verified and the login gets its person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField()
    person = models.OneToOneField(Node, models.PROTECT, null=True, blank=True, related_name="user")
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
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


class Role(models.TextChoices):
    MANAGER = "manager", _("Responsabile")
    TILL = "till", _("Alla cassa")
    OFFICER = "officer", _("Cabina di regia")


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, *, on: date) -> "MandateQuerySet":
        """Keep those that hold on a day, the last day too, and that nobody has ended."""
        return self.not_over(on=on).filter(starts_on__lte=on)

    def not_over(self, *, on: date) -> "MandateQuerySet":
        """Keep those that hold on a day or will later."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), ended_at=None)


class Mandate(models.Model):
    """A person may act for an organisation, in one role, from a day to a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Node, models.PROTECT, related_name="mandates")
    organisation = models.ForeignKey(Node, models.PROTECT, related_name="mandates_given")
    role = models.CharField(max_length=10, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    granted_by = models.UUIDField(null=True)
    granted_at = models.DateTimeField(db_default=Now())
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[MandateQuerySet] = MandateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="registry_mandate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id} for {self.organisation_id}"


class ApiKey(models.Model):
    """Lets an organisation's own software call the API; only the SHA-256 of the key is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Node, models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    revoked_by = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """
    A mandate for somebody who is not in yet: whoever opens its link first may take it.

    Only the SHA-256 of what stands in the link is kept. `invitee` is whom it was meant for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Node, models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role)
    invitee = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        Node, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at=None),
                name="registry_invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.invitee} for {self.organisation_id}"
