"""Lines of the log for signing in and for what opens an account: who by number, how, and whether it worked; no address, no name.

`from` tells requests of one network address apart for a day and says nothing else: a keyed hash of it.
"""

from __future__ import annotations

import hmac
import logging
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa import signals as steps
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.models import DeviceToken, User

log = logging.getLogger(__name__)


def note(event: str, request: HttpRequest | None, user: Any = None, how: str = "-") -> None:
    """One line. event: a word of the code; how: kinds of proof, joined by plus signs."""
    log.info("%s user=%s how=%s from=%s", event, getattr(user, "pk", None) or "-", how or "-", _place(request))


def _place(request: HttpRequest | None) -> str:
    if request is None:
        return "-"
    try:
        address = get_adapter().get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):
        return "-"
    return hmac.new(settings.SECRET_KEY.encode(), f"{timezone.localdate()}|{address}".encode(), "sha256").hexdigest()[:12]


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Any, **more: Any) -> None:
    done = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or [] if hasattr(request, "session") else []
    note("signed_in", request, user, "+".join(str(one.get("type") or one.get("method")) for one in done))


@receiver(user_login_failed)
def refused(credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    address = credentials.get("email") or credentials.get("username") or ""
    note("sign_in_failed", request, User.objects.filter(email__iexact=address).first(), "password")


@receiver(steps.authentication_failed)
def step_refused(request: HttpRequest, user: Any, authenticator: Any = None, **more: Any) -> None:
    note("second_step_failed", request, user, getattr(authenticator, "type", "-"))


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: Any, **more: Any) -> None:
    note("signed_out", request, user)


@receiver(post_save, sender=DeviceToken)
def token_saved(instance: DeviceToken, created: bool, **more: Any) -> None:
    if created:
        note("token_made", None, instance.user)


_PLAIN = {
    "signed_up": account.user_signed_up,
    "password_set": account.password_set,
    "password_changed": account.password_changed,
    "password_reset": account.password_reset,
    "address_changed": account.email_changed,
    "address_added": account.email_added,
    "address_removed": account.email_removed,
}
_OF_STEPS = {
    "step_added": steps.authenticator_added,
    "step_removed": steps.authenticator_removed,
    "step_renewed": steps.authenticator_reset,
    "step_used": steps.authenticator_used,
}


def _noting(event: str) -> Any:
    def receive(request: HttpRequest, user: Any = None, authenticator: Any = None, **more: Any) -> None:
        note(event, request, user, getattr(authenticator, "type", "-"))

    return receive


for _event, _signal in (_PLAIN | _OF_STEPS).items():
    _signal.connect(_noting(_event), weak=False, dispatch_uid=_event)
