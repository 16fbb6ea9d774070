"""Who asks: a browser with its session, or a device with a token."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.models import DeviceToken
from portal.signing import note
from portal.tokens import find_token

_READING = ("GET", "HEAD", "OPTIONS")


class TokenAuthentication(BaseAuthentication):
    """Authorization: Bearer cg_…"""

    def authenticate(self, request: Request) -> tuple[Any, DeviceToken] | None:
        kind, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:  # RFC 6750, 2: one way in each request; of two, nobody can tell who is meant
            raise AuthenticationFailed("Send a token or a session, not both.", code="two_sign_ins")
        token = find_token(secret.strip())
        if token is None:
            note("token_refused", request._request)
            raise AuthenticationFailed("This token does not work, or no longer.", code="token_refused")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class TokenMay(BasePermission):
    """A session may do what its person may; a token only what its scopes say: read, write, the coordinators' review, or content."""

    message = "This token may not do that."
    code = "token_scope"

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, DeviceToken):
            return True
        needed = getattr(view, "needs", "") or ("read" if request.method in _READING else "write")
        return needed in request.auth.scopes


class NoToken(BasePermission):
    """Tokens make no tokens."""

    message = "Sign in on the site to do that; a token may not."
    code = "token_scope"

    def has_permission(self, request: Request, view: Any) -> bool:
        return not isinstance(request.auth, DeviceToken)


class SignInAgain(PermissionDenied):
    """As on the pages: what opens a door or takes everything along needs a sign-in of the last minutes, second step included."""

    default_code = "sign_in_again"
    default_detail = "Sign in again first. This opens your whole record, so we ask for a fresh sign-in."


def check_fresh(request: Request) -> None:
    """Raises SignInAgain for a session that is older. A token was made after a fresh sign-in."""
    if not isinstance(request.auth, DeviceToken) and not did_recently_reauthenticate(request._request):
        raise SignInAgain


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TokenAuthentication
    name = "device_token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token that you made under `tokens/`. It begins with cg_."}
