"""How allauth behaves here: where people go after signing in, and secrets of the second step kept sealed."""

from __future__ import annotations

import base64
import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from portal.language import remember_for
from portal.models import Role
from portal.signing import note
from records.scope import Scope

_HOMES = {Role.COORDINATOR.value: "review_queue", Role.ADMIN.value: "admin:index"}
_PURPOSE = b"secrets of the second step"
_NONCE_BYTES = 12


class AccountAdapter(DefaultAccountAdapter):
    def login(self, request: HttpRequest, user: Any) -> None:
        """Who has never chosen a language reads, from now on also in e-mails, that of the page on which they signed in."""
        super().login(request, user)
        if not user.language:
            remember_for(user, get_language() or settings.LANGUAGE_CODE)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to their work, patients to their records, new people to the first step."""
        role = request.user.role
        if role in _HOMES:
            return reverse(_HOMES[role])
        return reverse("records" if Scope(request.user).own_patient() else "start")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses, unread, who tried too often; that is noted like every other try."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note("sign_in_not_tried", request)
            raise

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("start")


class MFAAdapter(DefaultMFAAdapter):
    """allauth stores these secrets in clear unless the adapter seals them."""

    def get_totp_issuer(self) -> str:
        return "CAR-T Guide"

    def encrypt(self, text: str) -> str:
        name, key = next(iter(_keys().items()))
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, text.encode(), _PURPOSE)
        return f"{name}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        name, _, sealed = encrypted_text.partition(":")
        content = base64.b64decode(sealed)
        return AESGCM(_keys()[name]).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], _PURPOSE).decode()


def _keys() -> dict[str, bytes]:
    """A key of our own from each key of the ring, the current one first."""
    ring = [one.strip().split(":") for one in settings.KEY_RING.split(",") if one.strip()]
    return {name: HKDF(SHA256(), 32, None, _PURPOSE).derive(bytes.fromhex(key)) for name, key in ring}


def reseal_secrets() -> int:
    """Seal with the ring's current key what an older one sealed; returns how many people's steps. One at a time, so that nobody's is lost."""
    adapter, current = MFAAdapter(), next(iter(_keys())) + ":"
    resealed = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            old = {name: text for name, text in row.data.items() if _is_sealed(text) and not text.startswith(current)} if row else {}
            if row and old:
                row.data |= {name: adapter.encrypt(adapter.decrypt(text)) for name, text in old.items()}
                row.save(update_fields=["data"])
                resealed += 1
    return resealed


def _is_sealed(text: object) -> bool:
    return isinstance(text, str) and text.partition(":")[0] in _keys() and ":" in text
