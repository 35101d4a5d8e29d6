"""People who sign in, by e-mail address, and what they are at the desk."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


class DeskRole(models.TextChoices):
    """What a person of the provider may do; customers and partners have none."""

    REVIEWER = "reviewer", "Reviewer"
    SENIOR = "senior", "Senior reviewer"
    AUDITOR = "auditor", "Auditor"
    OPERATOR = "operator", "Operator"


class UserManager(BaseUserManager["User"]):
    """Makes people from an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with a usable password, or without one when ``password`` is ``None``."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The operator that ``manage.py createsuperuser`` makes."""
        return self.create_user(email, password, desk_role=DeskRole.OPERATOR, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One person; what they belong to is in ``customer_memberships`` and ``partner_memberships``."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    desk_role = models.CharField(max_length=12, choices=DeskRole, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]
        indexes = [models.Index(fields=["desk_role"], name="desk_people", condition=~models.Q(desk_role=""))]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def is_staff(self) -> bool:
        """May open Django's admin: reference data and read-only records."""
        return self.desk_role == DeskRole.OPERATOR
