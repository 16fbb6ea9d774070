from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "CAR-T Guide"

    def ready(self) -> None:
        from portal import checks, signing  # noqa: F401  registers the system checks, and what is noted of signing in
