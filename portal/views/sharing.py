"""Who else may see the record: caregivers who are invited, and a doctor with a link and a code."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.content import current_content
from portal.forms.sharing import CodeForm, InviteForm, LinkForm
from portal.inviting import NotSent, invite_by_mail
from portal.presenters.my_answer import my_page
from portal.presenters.people import sharing_page
from portal.presenters.refusals import refusal_words
from portal.views.answering import personal
from portal.views.patient import RECORD, with_patient
from records import actions
from records.exceptions import RecordsError
from records.models import Patient
from records.scope import LinkScope, Scope


def _shown_once(request: HttpRequest, template: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page whose address or words are a secret: kept by no cache, found by no search."""
    response = render(request, template, shown, status=status)
    response["Cache-Control"], response["X-Robots-Tag"] = "private, no-store", "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
@with_patient("sharing")
def sharing(request: HttpRequest, scope: Scope, patient: Patient) -> HttpResponse:
    """Both forms, and who has access. The page asks who you are; taking access away does not."""
    shown: dict[str, Any] = {"page": sharing_page(scope, patient), "linked": None, "link": ""}
    asked = request.POST.get("do", "")
    invite = InviteForm(request.POST if asked == "invite" else None)
    link = LinkForm(request.POST if asked == "link" else None)
    if request.method == "POST" and asked == "invite" and invite.is_valid():
        if _invite(request, patient, invite):
            return redirect("sharing")
    elif request.method == "POST" and asked == "link" and link.is_valid():
        linked = actions.make_share_link(by=request.user, patient=patient, days=link.cleaned_data["days"])
        address = request.build_absolute_uri(reverse("shared_summary", args=[linked.secret]))
        shown |= {"linked": linked, "link": address, "page": sharing_page(scope, patient)}
    return _shown_once(request, "people/sharing.html", {**shown, "invite": invite, "form": link})


def _invite(request: HttpRequest, patient: Patient, form: InviteForm) -> bool:
    asked = form.cleaned_data
    until = timezone.make_aware(dt.datetime.combine(asked["until"], dt.time(23, 59)))
    try:
        invite_by_mail(
            by=request.user,
            patient=patient,
            email=asked["email"],
            rights=set(asked["rights"]),
            until=until,
            link_of=lambda secret: request.build_absolute_uri(reverse("invited", args=[secret])),
        )
    except RecordsError as error:
        form.add_error("email" if error.code == "invalid_value" else None, refusal_words(error.code))
        return False
    except NotSent:
        form.add_error(None, _("We could not send the e-mail. Try again in a few minutes."))
        return False
    messages.success(request, _("The invitation is sent."))
    return True


@require_POST
def revoke(request: HttpRequest, what: str, entry: UUID) -> HttpResponse:
    """At once."""
    scope = Scope(request.user, purpose="sharing")
    if what == "grant":
        actions.revoke_access(by=request.user, grant=scope.grant(entry))
    elif what == "invitation":
        actions.revoke_invitation(by=request.user, invitation=scope.invitation(entry))
    elif what == "link":
        actions.revoke_share_link(by=request.user, link=scope.share_link(entry))
    elif what == "support":
        actions.end_support(by=request.user, access=scope.support_access(entry))
    else:
        raise Http404
    messages.success(request, _("It is taken away, from now on."))
    return redirect("my_privacy")


@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, secret: str) -> HttpResponse:
    """The caregiver at the link. Somebody else's link is not there."""
    emails = request.user.confirmed_emails()
    if request.method != "POST":
        found = actions.find_invitation(secret, emails)
        return _shown_once(request, "people/invited.html", {"who": str(found.invited_by), "rights": found.rights})
    grant = actions.accept_invitation(by=request.user, secret=secret, emails=emails)
    request.session[RECORD] = str(grant.patient_id)
    messages.success(request, _("You can help now. Everything you do is written down under your own name."))
    return redirect("records")


@require_POST
def choose_record(request: HttpRequest) -> HttpResponse:
    """Which of the records that one may see the pages are about."""
    asked = request.POST.get("record", "")
    if asked not in {str(one.pk) for one in Scope(request.user).patients()}:
        raise Http404
    request.session[RECORD] = asked
    return redirect("records")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@sensitive_post_parameters("code")
def shared_summary(request: HttpRequest, secret: str) -> HttpResponse:
    """The doctor's page: the code first, then the summary. Every link looks the same until a code was typed."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _shown_once(request, "people/code.html", {"form": form})
    link = actions.open_share_link(secret=secret, code=request.POST.get("code", ""))
    if link is None:
        form.add_error("code", _("That code is not right. After five wrong ones the link is dead."))
        return _shown_once(request, "people/code.html", {"form": form}, status=403)
    mine = my_page(current_content(), personal(LinkScope(link), link.patient), is_clinical=False)
    return _shown_once(request, "people/summary.html", {"mine": mine})
