"""What is asked about an account in our own words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """The library's, in plain words. A key that signs in alone must ask for a finger, a face or a PIN: it is both steps in one."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        alone = self.fields["passwordless"]
        alone.label = _("Sign in with this key alone, without my password")
        alone.help_text = _("Your device must then ask for your finger, your face or a PIN.")
