"""The page that leads to everything about one's account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.presenters.people import record_choices
from portal.views.patient import RECORD
from records.scope import Scope


@dataclass(frozen=True, slots=True)
class AccountLink:
    label: Any
    name: str

    @property
    def url(self) -> str:
        return reverse(self.name)


_LINKS = (
    AccountLink(_("Change my password"), "account_change_password"),
    AccountLink(_("Change my e-mail address"), "account_email"),
    AccountLink(_("Sign in more safely"), "mfa_index"),
    AccountLink(_("Where I am signed in"), "usersessions_list"),
)
_OF_PATIENTS = (AccountLink(_("Privacy: who can see my records"), "my_privacy"), AccountLink(_("My records"), "records"))


# A new address is a way into the account: whoever finds it signed in must not add theirs.
addresses = reauthentication_required(allow_get=True)(email)


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    links = (*_OF_PATIENTS, *_LINKS) if request.user.role == "patient" else _LINKS
    return render(
        request, "account/index.html", {"links": links, "records": record_choices(Scope(request.user), request.session.get(RECORD))}
    )
