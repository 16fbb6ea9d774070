"""The e-mail with which a patient asks somebody to help."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from records import actions
from records.models import Patient

log = logging.getLogger(__name__)


class NotSent(Exception):
    """The mail did not go out; its link is dead."""


def invite_by_mail(
    *, by: Any, patient: Patient, email: str, rights: Collection[str], until: dt.datetime, link_of: Callable[[str], str]
) -> None:
    """The mail goes to the address, whether somebody has an account with it or not; it says nothing of health.

    link_of: the whole address of the invitation's page, by its secret. Raises RecordsError, NotSent.
    """
    made = actions.invite(by=by, patient=patient, email=email, rights=rights, until=until)
    text = _(
        "%(who)s asks you to help with their records on CAR-T Guide.\n\nOpen this link within 7 days:\n%(link)s\n\nIf you do not know them, do nothing."
    )
    try:
        send_mail(_("You are asked to help"), text % {"who": by.email, "link": link_of(made.secret)}, settings.DEFAULT_FROM_EMAIL, [email])
    except OSError as error:  # of the network or the mail server; the link is known to nobody, so it must not stay open
        log.warning("invitation_not_sent error=%s", type(error).__name__)
        actions.revoke_invitation(by=by, invitation=made.invitation)
        raise NotSent from error
