"""The WSGI site that is measured: everything as it is, one empty view beside it, and nobody is told to slow down."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.development")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
settings.ROOT_URLCONF = "portal.management.bench.urls"

from portal.api.base import People, Visitors  # noqa: E402 — the settings come first

for throttle in (People, Visitors):
    throttle.rate = "1000000/min"  # counted as ever, never reached
