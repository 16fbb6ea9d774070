from django.apps import AppConfig
from django.contrib.admin import apps as admin


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "CAR-T Guide"

    def ready(self) -> None:
        from portal import checks, signing  # noqa: F401  registers the system checks, and what is noted of signing in


class AdminConfig(admin.AdminConfig):
    default_site = "portal.admin_site.Site"
