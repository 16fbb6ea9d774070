"""People who sign in. A role opens pages; whose records one sees is decided by records.scope alone."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    PATIENT = "patient", "Patient or caregiver"
    COORDINATOR = "coordinator", "Care coordinator"
    ADMIN = "admin", "Administrator of content and people"


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, role=Role.ADMIN, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person's account, known by e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.PATIENT)
    is_team_lead = models.BooleanField("leads the coordinators", default=False)
    language = models.CharField("language of pages and e-mails", max_length=8, blank=True, default="", db_default="")  # "": never chosen

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(is_staff=False) | models.Q(role=Role.ADMIN), name="only_admins_enter_the_admin"),
            models.CheckConstraint(
                condition=models.Q(is_team_lead=False) | models.Q(role=Role.COORDINATOR), name="only_coordinators_lead_coordinators"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def confirmed_emails(self) -> list[str]:
        """Addresses that this person has shown to be theirs."""
        return list(self.emailaddress_set.filter(verified=True).values_list("email", flat=True))
