"""Content, trials and people. Never a patient's record: no model of records is registered, and a test keeps it so."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from portal.models import User


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


admin.site.site_header = "CAR-T Guide: content, trials and people"
admin.site.site_title = "CAR-T Guide"
admin.site.index_title = "What you can change"
admin.site.enable_nav_sidebar = False
