"""Production: every secret from the environment or a file; a missing, short or placeholder one stops the start."""

from __future__ import annotations

from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.environment import bucket, database, is_on, listed, secret, setting

DEBUG = False
SECRET_KEY = secret("SECRET_KEY", least=50)
KEY_RING = secret("KEY_RING", least=40)
ALLOWED_HOSTS = listed("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]
DATABASES = {"default": database(setting("DATABASE_URL")), "keys": database(setting("KEYS_DATABASE_URL"))}
DATABASE_ROUTERS = ["records.keys.KeyRouter"]
FILES_BUCKET = bucket()
MEDIA_ROOT = Path(setting("MEDIA_ROOT", "/nonexistent" if FILES_BUCKET else None))
CELERY_BROKER_URL = setting("BROKER_URL")
BREACHED_PASSWORDS = setting("BREACHED", "")
METRICS_TOKEN = setting("METRICS_TOKEN", "")

SECURE_SSL_REDIRECT = not is_on("TLS_ENDS_ELSEWHERE_WITHOUT_HEADER")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
ALLAUTH_TRUSTED_PROXY_COUNT = int(setting("TRUSTED_PROXY_COUNT", "1"))

REGISTRY_IS_ASKED = is_on("ASK_REGISTRY", "1")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = setting("EMAIL_HOST")
EMAIL_PORT = int(setting("EMAIL_PORT", "587"))
EMAIL_HOST_USER = setting("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = setting("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = True
DEFAULT_FROM_EMAIL = setting("FROM_EMAIL")
