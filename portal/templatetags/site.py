"""What every page draws: icons, the links of the header, the parts of forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from personalize.content import ENGLISH
from portal.content import spoken_language
from portal.middleware import OF_STAFF, idle_seconds_of
from portal.presenters.people import record_choices
from portal.presenters.telling import told
from portal.views.patient import RECORD
from records.scope import Scope

register = template.Library()

# Drawn by us on a 24 × 24 grid; decoration only, the words beside them say the same.
ICONS: dict[str, str] = {
    "check": '<path d="M4 12.5l5.2 5.2L20 7" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round"/>',
    "question": '<path d="M8.2 9a3.9 3.9 0 1 1 5.6 3.5c-1.2.6-1.8 1.3-1.8 2.7" fill="none" stroke="currentColor" stroke-width="2.4" '
    'stroke-linecap="round"/><circle cx="12" cy="19" r="1.5" fill="currentColor"/>',
    "page": '<path d="M6 3h8l4 4v14H6z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
    '<path d="M9 11h6M9 15h6" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>',
    "clock": '<circle cx="12" cy="12" r="8.5" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M12 7.5V12l3 2" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>',
    "alert": '<path d="M12 3.5L22 20.5H2z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
    '<path d="M12 10v4.5" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/><circle cx="12" cy="17.4" r="1.3" fill="currentColor"/>',
    "person": '<circle cx="12" cy="8" r="4" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>',
    "print": '<path d="M7 8V3.5h10V8M7 17H4V8.5h16V17h-3M7 14h10v6.5H7z" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linejoin="round"/>',
    "arrow": '<path d="M5 12h13M12.5 6l6 6-6 6" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" '
    'stroke-linejoin="round"/>',
    "up": '<path d="M12 20V5M6 10.5L12 4.5l6 6" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" '
    'stroke-linejoin="round"/>',
    "camera": '<path d="M4 8h3.5L9 5.5h6L16.5 8H20v11H4z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
    '<circle cx="12" cy="13.2" r="3.3" fill="none" stroke="currentColor" stroke-width="2"/>',
    "phone": '<path d="M6.5 3.5l3.5 1 .8 4-2 1.7a12 12 0 0 0 5 5l1.7-2 4 .8 1 3.5c-1.6 2.3-4 2.7-6.5 1.7A19 19 0 0 1 4.8 10c-1-2.5-.6-4.9 '
    '1.7-6.5z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>',
    "flag": '<path d="M6 21V4h11l-2 4 2 4H6" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon for the eye; hidden from screen readers."""
    return mark_safe(f'<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">{ICONS[name]}</svg>')  # noqa: S308


@dataclass(frozen=True, slots=True)
class Link:
    label: Any
    url: str
    is_here: bool


_PUBLIC = (("home", _("Answers")), ("help", _("Help")))
_MINE = (("records", _("Records")), ("facts", _("Facts")), ("my_answer_start", _("My answer")), ("my_trials", _("Trials")))
_STAFF = {"coordinator": (("review_queue", _("Review queue")),), "admin": (("admin:index", _("Admin")), ("support", _("Support")))}


def _links(request: HttpRequest, names: tuple[tuple[str, Any], ...]) -> list[Link]:
    found = [(label, reverse(name)) for name, label in names]
    around = [url for _label, url in found if request.path == url or (url != "/" and request.path.startswith(url))]
    nearest = max(around, key=len, default="")
    return [Link(label, url, url == nearest) for label, url in found]


@register.filter
def together(text: Any) -> SafeString:
    """ "CAR-T" is never broken at its hyphen."""
    return mark_safe(conditional_escape(text).replace("CAR-T", '<span class="nowrap">CAR-T</span>'))  # noqa: S308


@register.simple_tag
def english() -> SafeString:
    """Inside a tag: what it holds is English on every page (a title, a trial of the register, words of a record)."""
    return SafeString("" if get_language() == "en" else ' lang="en"')


@register.simple_tag
def source_items(sources: Iterable[Any]) -> SafeString:
    """The numbered list of sources; here and not in a template because a page has up to a hundred."""
    undated, spoken = str(_("no date given")), spoken_language()
    return SafeString("\n".join(_source_item(one, undated, spoken) for one in sources))


def _source_item(one: Any, undated: str, spoken: str) -> str:
    title = told(SafeString(escape(one.title)), ENGLISH, spoken)
    title = f'<a href="{escape(one.url)}" rel="noopener noreferrer">{title}</a>' if one.url else title
    publisher = f"{escape(one.publisher)}, " if one.publisher else ""
    return f'<li id="source-{one.number}" value="{one.number}">{title}<span class="soft"> {publisher}{one.year or undated}.</span></li>'


@register.simple_tag(takes_context=True)
def header_links(context: template.Context) -> list[Link]:
    """Links of the first row: for everybody, then for the role, then the account."""
    request = context.get("request")
    user = getattr(request, "user", None)
    names = _PUBLIC
    if user is not None and user.is_authenticated:
        lead = (("scores", _("Scores")),) if user.is_team_lead else ()
        names = (*_STAFF.get(user.role, _PUBLIC), *lead, ("account", _("Account")))
    else:
        names = (*names, ("account_login", _("Sign in")))
    return _links(request, names) if request is not None else []


@register.simple_tag(takes_context=True)
def idle_seconds(context: template.Context) -> int:
    """After how long without use this person is signed out; 0 for who is not signed in."""
    user = getattr(context.get("request"), "user", None)
    return idle_seconds_of(user) if user is not None and user.is_authenticated else 0


@register.simple_tag(takes_context=True)
def own_links(context: template.Context) -> list[Link]:
    """Links of the second row, for people with a record of their own."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.role != "patient":
        return []
    names = _MINE
    if any(one.is_here and not one.is_mine for one in record_choices(Scope(user), request.session.get(RECORD))):
        names = (("account", _("Someone else's record")), *names)
    if Scope(user).has_questions():
        names = (*names, ("questions", _("Questions for you")))
    return _links(request, names)


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    name: str
    url: str


@register.simple_tag(takes_context=True)
def other_languages(context: template.Context) -> list[Language]:
    """The languages in which the same page can be read, each with the link that leads to it; none for pages of staff."""
    request = context.get("request")
    if request is None or request.path.startswith(OF_STAFF):
        return []
    return [Language(code, name, reverse("choose_language", args=[code])) for code, name in settings.LANGUAGES if code != get_language()]


_CHOICES = (RadioSelect, CheckboxSelectMultiple)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One field: label, hint, errors, control, tied together for screen readers."""
    widget = bound.field.widget
    widget.attrs.pop("placeholder", None)
    is_group = isinstance(widget, _CHOICES)
    hint_id, error_id = f"{bound.auto_id}_hint", f"{bound.auto_id}_error"
    described = " ".join(part for part in (hint_id if bound.help_text else "", error_id if bound.errors else "") if part)
    attrs = {"aria-describedby": described} if described else {}
    if bound.errors and not is_group:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "control": "" if is_group else bound.as_widget(attrs=attrs),
        "choices": list(bound) if is_group else [],
        "is_group": is_group,
        "is_tick": isinstance(widget, CheckboxInput),
        "is_hidden": bound.is_hidden,
        "hint_id": hint_id,
        "error_id": error_id,
        "described": described,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """Every error of a form with a link to its field; takes the focus when the page opens."""
    errors: ErrorDict = form.errors
    found = []
    for name, messages in errors.items():
        bound = form[name] if name in form.fields else None
        target = _first_control(bound) if bound is not None else ""
        found += [{"target": target, "message": message} for message in messages]
    return {"found": found}


def _first_control(bound: BoundField) -> str:
    return f"{bound.auto_id}_0" if isinstance(bound.field.widget, _CHOICES) else bound.auto_id


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> SafeString:
    """ "Error: " before the title of a page whose form has errors, so that it is the first thing heard."""
    form = context.get("form")
    has_errors = form is not None and form.is_bound and bool(form.errors)
    return format_html("{}: ", _("Error")) if has_errors else mark_safe("")
