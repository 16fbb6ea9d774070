"""What every command that makes a service stand needs: databases with tables and content, and a while to wait."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command


def prepare_databases() -> None:
    """Tables, the cache that counts tries to sign in, and the content. Safe to do again."""
    for database in settings.DATABASES:
        call_command("migrate", database=database, interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_content", verbosity=0)


def wait_for(is_so: Callable[[], bool], seconds: float = 60.0, every: float = 0.05) -> bool:
    """Whether it came to be so in that time. every: seconds from one look to the next; who asks often takes the time of what is measured."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True
