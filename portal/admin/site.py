"""Content, trials and people. Never a patient's record: no model of records is registered, and a test keeps it so."""

from __future__ import annotations

from typing import Any

from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from allauth.usersessions.admin import UserSessionAdmin
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.models import User

for taken_over in (Authenticator, UserSession):  # registered by the lines above
    admin.site.unregister(taken_over)


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """Accounts and roles. Whose records an account sees is not decided here."""

    ordering = ("email",)
    list_display = ("email", "role", "is_active", "is_staff", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email",)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Role", {"fields": ("role", "is_team_lead", "is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "role", "password1", "password2")}),)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # people who decided something stay, so that their decisions keep a name; accounts are switched off instead
        return False


class OnlyRemoved:
    """Rows that an administrator looks at and may take away, never makes or changes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Authenticator)
class SecondStepAdmin(OnlyRemoved, AuthenticatorAdmin):  # type: ignore[misc]
    """Somebody who lost theirs, and is known, loses it here and sets up another. What it is made of is shown to nobody."""

    fields = ("user", "type", "created_at", "last_used_at")
    search_fields = ("user__email",)


@admin.register(UserSession)
class SignedInAdmin(OnlyRemoved, UserSessionAdmin):  # type: ignore[misc]
    """Who is signed in where. Removing a row signs that browser out."""

    fields = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    search_fields = ("user__email", "ip")

    def delete_model(self, request: HttpRequest, obj: UserSession) -> None:
        obj.end()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> None:
        for one in queryset:
            one.end()
