"""The doors of publishing in the admin: a form that keeps a change for review, and the queue in which a second person decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from personalize.content.reading_grade import reading_grade
from personalize.criteria import decode
from portal.content.conditions import sentence
from portal.content.previewing import preview, preview_on_shape
from portal.content.publishing import LINKS, WAITS, NotPublished, publish, put_back, send_back, write_edition
from portal.content.translating import BesideEnglish, translations_of
from portal.content.wording import EXPLANATIONS, faults_of
from portal.models.editable import Editable
from portal.models.publishing import Edition

_EDITION_PAGE = "admin:portal_edition_change"


class ReviewedForm(forms.ModelForm):
    """The form of a row whose words are on the pages. by: the author, put in by ReviewedAdmin."""

    by: Any = None
    edition_note = forms.CharField(
        label="What changed, for readers",
        required=False,
        max_length=200,
        help_text="One plain sentence. It stands on the public list of changes.",
    )
    edition_reason = forms.CharField(
        label="Why it cannot be simpler",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only where the text is harder to read than grade 8 or has a long sentence. It excuses nothing else.",
    )

    def clean(self) -> Mapping[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        kind = self._meta.model._meta.model_name or ""
        for fault in faults_of(kind, self.columns(cleaned), reason=cleaned.get("edition_reason") or ""):
            self.add_error(None, fault)
        for fault in faults_of("disagreement", {"text": cleaned.get("edition_note") or ""}):
            self.add_error("edition_note", fault)
        waiting = Edition.objects.filter(kind=kind, object_id=str(self.instance.pk), state=Edition.State.WAITING).exclude(author=self.by)
        if not self.instance._state.adding and waiting.exists():
            self.add_error(None, WAITS)
        return cleaned

    def columns(self, cleaned: Mapping[str, Any]) -> Mapping[str, Any]:
        """The row as the wording rules judge it."""
        return cleaned


class ReviewedAdmin(admin.ModelAdmin):
    """Saves nothing itself: what is typed becomes an edition that waits for a second person."""

    form = ReviewedForm
    readonly_fields: tuple[str, ...] = ("versions", "translations")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        return type(made.__name__, (made,), {"by": request.user})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # words that stood on a page stay in its versions
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """See save_related, where the links are known too."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        links: list[str] | None = None
        for formset in formsets:
            formset.save(commit=False)
            if not getattr(formset, "can_delete", True):
                continue
            links = [key for _, key in sorted(_linked(formset), key=lambda one: one[0])]
        typed = form.cleaned_data
        request.edition = write_edition(  # type: ignore[attr-defined]
            by=request.user, row=form.instance, links=links, note=typed.get("edition_note") or "", reason=typed.get("edition_reason") or ""
        )

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing was added yet: the edition tells who wrote what and when."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The same."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._told(request)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._told(request)

    def _told(self, request: HttpRequest) -> HttpResponse:
        edition: Edition | None = request.edition  # type: ignore[attr-defined]
        if edition is None:
            self.message_user(request, "Nothing differs from what is on the pages.", messages.WARNING)
            return redirect(f"admin:portal_{self.opts.model_name}_changelist")
        self.message_user(request, "Kept. It goes on the pages when a second person publishes it.", messages.SUCCESS)
        return redirect(_EDITION_PAGE, edition.pk)

    @admin.display(description="Versions")
    def versions(self, row: Model) -> SafeString | str:
        if row.pk is None:
            return "None yet"
        place = f"{reverse('admin:portal_edition_changelist')}?kind__exact={self.opts.model_name}&object_id__exact={row.pk}"
        return format_html('<a href="{}">All changes of this</a>', place)

    @admin.display(description="Translations")
    def translations(self, row: Model) -> SafeString | str:
        """What readers in another language see of this row, and where to edit it."""
        if row.pk is None or not isinstance(row, Editable):
            return "None yet"
        return (
            format_html_join("", '<p>{1}: {2}.</p><p><a href="{0}">Edit: {1}</a></p>', map(_in_language, translations_of(row)))
            or "It has no words to translate."
        )


def _in_language(one: BesideEnglish) -> tuple[str, str, str]:
    if one.row is None:
        place = f"{reverse('admin:portal_translation_add')}?{urlencode({'part': f'{one.kind}:{one.name}'})}"
        return place, one.language, "not translated yet; the pages show the English"
    state = "up to date" if one.is_up_to_date else "the English changed after it was written; the pages show the English"
    checked = "checked by a translator" if one.row.is_checked else "not checked by a translator yet"
    return reverse("admin:portal_translation_change", args=[one.row.pk]), one.language, f"{state}; {checked}"


def _linked(formset: Any) -> Iterator[tuple[tuple[int, int], str]]:
    """(order, place in the form) and the key that each line of a list of links points to."""
    for place, one in enumerate(formset.forms):
        typed = getattr(one, "cleaned_data", {})
        target = typed.get("fact") if formset.fk.name == "passage" else typed.get("source")
        if target is not None and not typed.get("DELETE"):
            yield (typed.get("order") or 0, place), target.pk


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """What waits, and every version that ever stood on a page. Written by nobody here: decided only."""

    list_display = ("what", "state", "author", "written_at", "grade", "reviewer", "number")
    list_filter = ("state", "kind")
    search_fields = ("what", "note")
    list_select_related = ("author", "reviewer")
    fields = readonly_fields = (
        "what", "state", "author", "written_at", "note", "reason", "faults", "grade", "difference", "on_made_up_people",
        "reviewer", "reviewed_at", "number", "answer_to_author",
    )  # fmt: skip
    change_form_template = "admin/portal/edition.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup in ("kind__exact", "object_id__exact") or super().lookup_allowed(lookup, value, request)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        edition = self.get_object(request, object_id)
        shape: dict[str, Any] = {}
        if edition is not None and request.method == "POST" and self.has_change_permission(request, edition):
            if "_try_on_shape" not in request.POST:
                return self._decided(request, edition)
            shape = {"on_shape": _on_shape(edition, request.POST.get("shape", ""))}
            request.method = "GET"  # the page is shown again; nothing was sent to it
        is_waiting = edition is not None and edition.state == Edition.State.WAITING
        may = {
            "may_publish": is_waiting and edition.author_id != request.user.pk,
            "may_send_back": is_waiting,
            "is_own": is_waiting and edition.author_id == request.user.pk,
            "may_put_back": edition is not None and edition.state == Edition.State.PUBLISHED and bool(edition.before),
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **may, **shape, "is_waiting": is_waiting})

    def _decided(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        why = request.POST.get("answer_to_author", "")[:2000]
        doors: dict[str, tuple[Callable[[], Any], str]] = {
            "_publish": (lambda: publish(by=request.user, edition=edition), "It is on the pages now."),
            "_send_back": (lambda: send_back(by=request.user, edition=edition, why=why), "It went back to its author."),
            "_put_back": (lambda: put_back(by=request.user, edition=edition), "What stood there before waits for a second person."),
        }
        door = next((doors[name] for name in doors if name in request.POST), None)
        try:
            if door is not None:
                door[0]()
                self.message_user(request, door[1], messages.SUCCESS)
        except NotPublished as error:
            self.message_user(request, str(error), messages.ERROR)
        return redirect(_EDITION_PAGE, edition.pk)

    @admin.display(description="What keeps it from the pages")
    def faults(self, edition: Edition) -> str:
        return "; ".join(faults_of(edition.kind, edition.after, facts=edition.after.get(LINKS, ()), reason=edition.reason)) or "Nothing"

    @admin.display(description="Reading grade")
    def grade(self, edition: Edition) -> str:
        texts = [edition.after.get(name) or "" for name in EXPLANATIONS.get(edition.kind, ())]
        grades = [reading_grade("\n".join(one) if isinstance(one, list) else str(one)) for one in texts if one]
        return f"{max(grades):.1f}" if grades else ""

    @admin.display(description="What is different")
    def difference(self, edition: Edition) -> SafeString | str:
        before, after = edition.before, edition.after
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        parts = ((name.replace("_", " "), *(_shown(name, one[name]) if name in one else "" for one in (before, after))) for name in names)
        return format_html_join("", "<p><strong>{}</strong></p><p><del>{}</del></p><p><ins>{}</ins></p>", parts) or "Nothing"

    @admin.display(description="On made-up people")
    def on_made_up_people(self, edition: Edition) -> SafeString | str:
        if edition.state != Edition.State.WAITING:
            return "Decided already"
        try:
            shown = preview(edition, today=timezone.localdate())
        except (NotPublished, ValueError, KeyError) as error:
            return f"It cannot be tried: {error}"
        return format_html_join("", "<div><h3>{}</h3>{}{}{}</div>", map(_of_person, shown))


def _on_shape(edition: Edition, told: str) -> SafeString | str:
    try:
        shown = preview_on_shape(edition, told, today=timezone.localdate())
    except (NotPublished, ValueError, KeyError, TypeError, AttributeError):
        return "This is not the JSON of a profile, or the change no longer fits. Nothing of it was kept."
    return format_html("<div><h3>{}</h3>{}{}{}</div>", *_of_person(shown))


def _of_person(one: Any) -> tuple[Any, ...]:
    comes = format_html_join("", "<p>New: <ins>{}</ins></p>", ((line,) for line in one.comes))
    goes = format_html_join("", "<p>Gone: <del>{}</del></p>", ((line,) for line in one.goes))
    return one.name, comes, goes, "" if one.comes or one.goes else format_html("<p>{}</p>", "Stays the same.")


def _shown(name: str, value: Any) -> str:
    if name == "condition":
        return sentence(decode(value) if value else None)
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)
