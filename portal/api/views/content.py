"""What the answers are made of, for those who may edit it in the admin, through the doors of the admin: its permissions, and two people for every
word (portal.content.publishing). Nothing here writes words to a page by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound, PermissionDenied
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from personalize.content import FACT_SLOT
from portal.api import content as shapes
from portal.api.authentication import TokenMay
from portal.api.base import ApiView, checked_body, described
from portal.api.paging import page_of_rows
from portal.api.shapes import page_of
from portal.content.publishing import NotPublished, publish, send_back, write_edition
from portal.content.wording import faults_of
from portal.middleware import lacks_second_step
from portal.models import Edition, Fact, GlossaryTerm, Passage, Source
from portal.models.editable import Editable

T = TypeVar("T")
_CONFLICTS = {"waiting", "decided", "out_of_date", "unchanged"}
_FORBIDDEN = {"own_change"}


class Refused(APIException):
    """A change that is not taken, with its code."""

    def __init__(self, code: str, detail: str) -> None:
        self.status_code = 409 if code in _CONFLICTS else 403 if code in _FORBIDDEN else 422
        super().__init__(detail, code)


class EditsContent(BasePermission):
    """Whoever the admin lets look at (change, to send something) the rows of the view; a token too only with a second step."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not admin.site.has_permission(request):
            return False
        if lacks_second_step(request.user):
            raise PermissionDenied("Set up a second step for signing in first.", code="second_step")
        door = admin.site.get_model_admin(view.model)
        may = door.has_view_permission if request.method in ("GET", "HEAD", "OPTIONS") else door.has_change_permission
        return bool(may(request))


class ContentView(ApiView):
    """model: whose rows. also: relations that the rows are shown with."""

    permission_classes = [IsAuthenticated, TokenMay, EditsContent]
    needs = "content"
    model: ClassVar[type[Model]]
    shape: ClassVar[type[serializers.Serializer[Any]]]
    also: ClassVar[tuple[str, ...]] = ()

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.prefetch_related(*self.also)

    def row(self, **which: Any) -> Any:
        found = None if any("\0" in str(one) for one in which.values()) else self.rows().filter(**which).first()
        if found is None:
            raise NotFound
        return found

    def shown(self, row: Any) -> Any:
        return self.shape(row, context={"me": self.request.user}).data

    def page(self, ordering: str, words: tuple[str, ...] = (), **filters: str) -> Response:
        """words: columns that `q` looks at; filters: lookups by the name of what was asked."""
        rows = self.rows().filter(**{filters[name]: one for name, one in self.asked.items() if name in filters and one is not None})
        if "q" in self.asked:
            rows = rows.filter(reduce(or_, (Q(**{f"{name}__icontains": self.asked["q"]}) for name in words)))
        return Response(page_of_rows(rows, self.request, ordering, show=self.shown))


def through(door: Callable[[], T]) -> T:
    """What the door of publishing gives, or why not."""
    try:
        return door()
    except NotPublished as error:
        raise Refused(error.code, str(error)) from None


class PassagesView(ContentView):
    model, shape, also = Passage, shapes.PassageSerializer, ("section", "made_of")
    queries: ClassVar = {"GET": shapes.PassageQuery}

    @described("content_passages_list", {200: page_of(shapes.PassageSerializer), 304: None}, query=shapes.PassageQuery)
    def get(self, request: Request) -> Response:
        """Passages of the answers, as they are on the pages. For editors of content, like all of `content/`."""
        return self.page("pk", ("code", "row", "text"), answer="section__answer", placement="placement", group="group")


class PassageView(ContentView):
    model, shape, also = Passage, shapes.PassageSerializer, ("section", "made_of")

    @described("content_passages_get", {200: shapes.PassageSerializer, 304: None})
    def get(self, request: Request, passage: int) -> Response:
        """One passage."""
        return Response(self.shown(self.row(pk=passage)))


class FactsView(ContentView):
    model, shape, also = Fact, shapes.FactSerializer, ("cited",)
    queries: ClassVar = {"GET": shapes.FactQuery}

    @described("content_facts_list", {200: page_of(shapes.FactSerializer), 304: None}, query=shapes.FactQuery)
    def get(self, request: Request) -> Response:
        """Facts, hidden ones too."""
        plain = {name: name for name in ("volatility", "sensitivity", "region", "is_shown")}
        return self.page("pk", ("id", "statement"), **plain)


class FactView(ContentView):
    model, shape, also = Fact, shapes.FactSerializer, ("cited",)

    @described("content_facts_get", {200: shapes.FactSerializer, 304: None})
    def get(self, request: Request, fact: str) -> Response:
        """One fact."""
        return Response(self.shown(self.row(pk=fact)))


class SourcesView(ContentView):
    model, shape = Source, shapes.SourceSerializer
    queries: ClassVar = {"GET": shapes.SearchQuery}

    @described("content_sources_list", {200: page_of(shapes.SourceSerializer), 304: None}, query=shapes.SearchQuery)
    def get(self, request: Request) -> Response:
        """Where facts were read."""
        return self.page("pk", ("key", "title", "publisher", "identifier"))


class SourceView(ContentView):
    model, shape = Source, shapes.SourceSerializer

    @described("content_sources_get", {200: shapes.SourceSerializer, 304: None})
    def get(self, request: Request, source: str) -> Response:
        """One source."""
        return Response(self.shown(self.row(pk=source)))

    @described("content_sources_change", {200: shapes.SourceSerializer}, request=shapes.SourceChangeSerializer)
    def patch(self, request: Request, source: str) -> Response:
        """Change a source at once, as in the admin: it says where to look and claims nothing."""
        row = self.row(pk=source)
        given = checked_body(request, shapes.SourceChangeSerializer)
        changed = [name for name, value in given.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, given[name])
        try:
            row.clean_fields(exclude={one.name for one in row._meta.fields} - set(changed))
        except ValidationError as error:
            raise Refused("invalid_value", " ".join(error.messages)) from None
        if changed:
            row.save()
            door = admin.site.get_model_admin(Source)
            door.log_change(request._request, row, [{"changed": {"fields": changed}}])
        return Response(self.shown(row))


class GlossaryView(ContentView):
    model, shape = GlossaryTerm, shapes.GlossaryTermSerializer
    queries: ClassVar = {"GET": shapes.SearchQuery}

    @described("content_glossary_list", {200: page_of(shapes.GlossaryTermSerializer), 304: None}, query=shapes.SearchQuery)
    def get(self, request: Request) -> Response:
        """Words that are explained in place."""
        return self.page("pk", ("term", "definition"))


class GlossaryTermView(ContentView):
    model, shape = GlossaryTerm, shapes.GlossaryTermSerializer

    @described("content_glossary_get", {200: shapes.GlossaryTermSerializer, 304: None})
    def get(self, request: Request, term: str) -> Response:
        """One word."""
        return Response(self.shown(self.row(pk=term)))


class ProposingView(ContentView):
    """Takes a change and keeps it for a second person. linked: what the row points to, and the name of its keys in the body."""

    shape = shapes.WholeContentChangeSerializer
    linked: ClassVar[tuple[type[Editable], str]]

    def propose(self, row: Editable, given: dict[str, Any]) -> Response:
        """Answers with the edition. Raises Refused for faults of wording, unknown keys, no difference, or a change of somebody else that waits."""
        note, reason = given.pop("edition_note", ""), given.pop("edition_reason", "")
        target, name = self.linked
        links = list(dict.fromkeys(given.pop(name))) if name in given else list(row.links())
        for column, value in given.items():
            setattr(row, column, value)
        _check_known(target, links)
        _check_known(Fact, FACT_SLOT.findall(getattr(row, "text", "")))
        kind, columns = row._meta.model_name or "", {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
        faults = faults_of(kind, columns, facts=links, reason=reason) + faults_of("disagreement", {"text": note})
        if faults:
            raise Refused("wording", f"The wording keeps it from the pages. {' '.join(faults)}")
        edition = through(lambda: write_edition(by=self.request.user, row=row, links=links, note=note, reason=reason))
        if edition is None:
            raise Refused("unchanged", "Nothing differs from what is on the pages.")
        return Response(self.shown(edition), status=status.HTTP_201_CREATED)


def _check_known(model: type[Editable], keys: list[str]) -> None:
    missing = set(keys) - set(model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))
    if missing:
        raise Refused("not_known", f"We do not know these: {', '.join(sorted(missing))}.")


class PassageChangesView(ProposingView):
    model, linked = Passage, (Fact, "facts")

    @described("content_passages_propose", {201: shapes.WholeContentChangeSerializer}, request=shapes.PassageChangeSerializer)
    def post(self, request: Request, passage: int) -> Response:
        """Propose other words. Nothing is seen before a second person publishes them; your own change that waits is replaced."""
        row = self.row(pk=passage)
        return self.propose(row, checked_body(request, shapes.PassageChangeSerializer))


class FactChangesView(ProposingView):
    model, linked = Fact, (Source, "sources")

    @described("content_facts_propose", {201: shapes.WholeContentChangeSerializer}, request=shapes.FactChangeSerializer)
    def post(self, request: Request, fact: str) -> Response:
        """Propose a change of a fact; it waits for a second person."""
        row = self.row(pk=fact)
        return self.propose(row, checked_body(request, shapes.FactChangeSerializer))


class ChangesView(ContentView):
    model, shape = Edition, shapes.ContentChangeSerializer
    queries: ClassVar = {"GET": shapes.ChangeQuery}

    @described("content_changes_list", {200: page_of(shapes.ContentChangeSerializer), 304: None}, query=shapes.ChangeQuery)
    def get(self, request: Request) -> Response:
        """Changes that wait, and every version that ever stood on a page; newest first."""
        return self.page("-pk", kind="kind", state="state")


class ChangeView(ContentView):
    model, shape = Edition, shapes.WholeContentChangeSerializer

    @described("content_changes_get", {200: shapes.WholeContentChangeSerializer, 304: None})
    def get(self, request: Request, change: int) -> Response:
        """One change, before and after."""
        return Response(self.shown(self.row(pk=change)))


class PublishView(ContentView):
    model, shape = Edition, shapes.WholeContentChangeSerializer

    @described("content_changes_publish", {200: shapes.WholeContentChangeSerializer}, problems=(409, 422))
    def post(self, request: Request, change: int) -> Response:
        """Put somebody else's change on the pages."""
        edition = self.row(pk=change)
        return Response(self.shown(through(lambda: publish(by=request.user, edition=edition))))


class SendBackView(ContentView):
    model, shape = Edition, shapes.WholeContentChangeSerializer

    @described("content_changes_send_back", {200: shapes.WholeContentChangeSerializer}, request=shapes.SendingBackSerializer)
    def post(self, request: Request, change: int) -> Response:
        """Not like this; or take your own change back."""
        edition = self.row(pk=change)
        why = checked_body(request, shapes.SendingBackSerializer)["why"]
        return Response(self.shown(through(lambda: send_back(by=request.user, edition=edition, why=why))))
