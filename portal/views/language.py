"""The link "Español" or "English" of every page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from portal.language import is_offered, remember_for, remember_in_browser


@login_not_required
@require_safe
def choose(request: HttpRequest, language: str) -> HttpResponse:
    """Back to the page one came from, in the other language. A link, so that it works without script and public pages need no form's token;
    without the page's own address in it, which may be a secret."""
    if not is_offered(language):
        raise Http404
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = redirect(page if is_ours else "home")
    remember_in_browser(response, language)
    remember_for(request.user, language)
    return response
