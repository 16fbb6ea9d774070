"""The one door for reading: what this person may see of patients' records, and the trace that they looked."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q, QuerySet

from records import audit, waiting
from records.keys import key_for, keyless
from records.models import (
    Arrival,
    AuditEvent,
    Consent,
    Document,
    Finding,
    Grant,
    Invitation,
    Page,
    Patient,
    Profile,
    Question,
    Review,
    ReviewRequest,
    ShareLink,
    Statement,
    SupportAccess,
)
from records.permissions import NotAllowed, NotVisible, check_can_own, check_can_review, check_can_see, visible_patients
from records.shown import CurrentProfile, Progress, QueuePage, ShownEvidence, current_profile, shown_evidence
from records.storage import read_file, stream_file

__all__ = ["LinkScope", "NotAllowed", "NotVisible", "Scope"]

Id = uuid.UUID | str
Check = Callable[[Any, Patient], None]


class Scope:
    """What `user` may see, for one request and one purpose.

    A patient who is not visible and one who does not exist raise the same NotVisible. The first look at each patient's record writes one
    audit row (who, whose, purpose); further looks through the same Scope write no more. Make one Scope for each request.
    Rows that come back may be filtered and ordered further; they can be trusted only as long as the request lasts.
    """

    def __init__(self, user: Any, purpose: str = "view") -> None:
        self.user = user
        self.purpose = purpose
        self._looked: set[uuid.UUID] = set()

    def patients(self) -> QuerySet[Patient]:
        """Patients this person may see: their own, those shared with them, for coordinators those who asked the team. Names no fact."""
        visible = visible_patients(self.user)
        return visible.exclude(pk__in=keyless(visible.values_list("pk", flat=True))).order_by("created_at")

    def own_patient(self) -> Patient | None:
        """The record this account opened, or None before open_patient. Names no fact."""
        mine = visible_patients(self.user).filter(account=self.user).first() if self.user.is_authenticated else None
        return None if mine is None or keyless([mine.pk]) else mine

    def patient(self, patient: Id) -> Patient:
        return self._look(self._found(visible_patients(self.user), Patient, patient))

    def documents(self, patient: Patient) -> QuerySet[Document]:
        """Documents, newest first."""
        return Document.objects.filter(patient=self._look(patient))

    def arrival(self, arrival: Id) -> Arrival:
        """A file on its way."""
        return self._one(Arrival, arrival)

    def document(self, document: Id, of: Patient | None = None) -> Document:
        """of: of this patient and no other."""
        return self._one(Document, document, of=of)

    def twins_of(self, documents: Sequence[Document]) -> dict[uuid.UUID, Document]:
        """By document: the file that shows the same report, where one was found to show it again and that file is still there."""
        for document in documents:
            self._look_at(document)
        shown = {one.pk: one.same_as for one in documents if one.same_as}
        twins = {(one.patient_id, str(one.pk)): one for one in Document.objects.filter(pk__in=shown.values())} if shown else {}
        found = ((one.pk, twins.get((one.patient_id, shown[one.pk]))) for one in documents if one.pk in shown)
        return {pk: twin for pk, twin in found if twin is not None}

    def progress(self, document: Document) -> Progress:
        return self.progress_of([document])[document.pk]

    def progress_of(self, documents: Sequence[Document]) -> dict[uuid.UUID, Progress]:
        """By document, with one question for all."""
        for document in documents:
            self._look_at(document)
        pages = Page.objects.filter(document__in=[one.pk for one in documents], reading=F("document__reading")).order_by()
        well = Count("pk", filter=Q(failure_code__in=("", "blank")))
        counted = {row["document"]: row for row in pages.values("document").annotate(all=Count("pk"), well=well)}
        none = {"all": 0, "well": 0}
        rows = [(one, counted.get(one.pk, none)) for one in documents]
        return {one.pk: Progress(one.page_count, row["well"], row["all"] - row["well"]) for one, row in rows}

    def pages(self, document: Document) -> QuerySet[Page]:
        """Pages of the newest reading, in order. page.page_text is a PageText; page.failure_code says why one could not be read."""
        self._look_at(document)
        return Page.objects.filter(document=document, reading=document.reading).order_by("number")

    def page(self, document: Id, number: int, of: Patient | None = None) -> Page:
        page = self.pages(self.document(document, of)).filter(number=number).first()
        if page is None:
            raise NotVisible
        return page

    def page_image(self, page: Page) -> bytes:
        """The page as a WebP picture, upright. NotVisible where there is none (structured files)."""
        self._look_at(page)
        if not page.image:
            raise NotVisible
        return read_file(key_for(page.patient_id, "files"), page.image)

    def original(self, document: Document) -> Iterator[bytes]:
        """The file as it was sent, decrypted piece by piece."""
        self._look_at(document)
        return stream_file(key_for(document.patient_id, "files"), document.file)

    def findings(self, of: Patient | Document) -> QuerySet[Finding]:
        """Findings of a patient or a document that the newest extraction still makes, or that a person has judged."""
        self._look_at(of)
        whose = {"patient": of} if isinstance(of, Patient) else {"document": of}
        kept = Q(is_current=True) | Q(reviews__isnull=False)
        return Finding.objects.filter(kept, **whose).distinct().select_related("document").prefetch_related("evidence__page", "reviews__by")

    def finding(self, finding: Id, of: Patient | None = None) -> Finding:
        """of: of this patient and no other, whoever else this person may see."""
        return self._one(Finding, finding, of=of)

    def evidence(self, finding: Finding) -> tuple[ShownEvidence, ...]:
        self._look_at(finding)
        return tuple(shown_evidence(finding, one) for one in finding.evidence.select_related("page"))

    def profile(self, patient: Patient) -> CurrentProfile | None:
        row = Profile.objects.filter(patient=self._look(patient), is_current=True).select_related("signed_off_by").first()
        return current_profile(row) if row else None

    def snapshot(self, profile: Id, of: Patient | None = None) -> CurrentProfile:
        """A past or present snapshot by its id; of: of this patient and no other."""
        return current_profile(self._one(Profile, profile, of=of))

    def statements(self, patient: Patient) -> QuerySet[Statement]:
        """What the patient told us, newest first."""
        return Statement.objects.filter(patient=self._look(patient)).order_by("-at")

    def reviews(self, patient: Patient) -> QuerySet[Review]:
        """Who decided what, newest first."""
        return Review.objects.filter(patient=self._look(patient)).select_related("by", "finding").order_by("-at")

    def questions(self, patient: Patient) -> QuerySet[Question]:
        """What coordinators asked, oldest first, with the answers."""
        return Question.objects.filter(patient=self._look(patient)).select_related("asked_by", "answered_by", "finding")

    def has_questions(self) -> bool:
        """Somebody asked and waits for an answer. Names no fact."""
        return Question.objects.filter(patient__in=visible_patients(self.user), answered_at__isnull=True).exists()

    def question(self, question: Id) -> Question:
        return self._one(Question, question)

    def consents(self, patient: Patient) -> QuerySet[Consent]:
        return Consent.objects.filter(patient=self._owned(patient))

    def grants(self, patient: Patient) -> QuerySet[Grant]:
        return Grant.objects.filter(patient=self._owned(patient)).select_related("to")

    def grant(self, grant: Id) -> Grant:
        return self._one(Grant, grant, check_can_own)

    def invitations(self, patient: Patient) -> QuerySet[Invitation]:
        return Invitation.objects.filter(patient=self._owned(patient))

    def invitation(self, invitation: Id) -> Invitation:
        return self._one(Invitation, invitation, check_can_own)

    def support(self, patient: Patient) -> QuerySet[SupportAccess]:
        """When support looked, and why; newest first."""
        return SupportAccess.objects.filter(patient=self._owned(patient))

    def support_access(self, access: Id) -> SupportAccess:
        return self._one(SupportAccess, access, check_can_own)

    def share_links(self, patient: Patient) -> QuerySet[ShareLink]:
        return ShareLink.objects.filter(patient=self._owned(patient))

    def share_link(self, link: Id) -> ShareLink:
        return self._one(ShareLink, link, check_can_own)

    def access_log(self, patient: Patient) -> QuerySet[AuditEvent]:
        """Rows about this patient, newest first: at, actor (an account's id), actor_role, action, purpose, outcome. For the owner only."""
        return AuditEvent.objects.filter(patient=self._owned(patient).pk).order_by("-id")

    def is_under_review(self, patient: Patient) -> bool:
        """The team was asked to check this record and has not finished."""
        return ReviewRequest.objects.filter(patient=self._look(patient), closed_at__isnull=True).exists()

    def review_queue(self) -> QuerySet[ReviewRequest]:
        """Open requests that this coordinator may take, longest waiting first. Names no fact. Show what waiting.readable leaves of them."""
        return waiting.open_requests(self.user)

    def queue_page(self, show: str, order: str, number: int) -> QueuePage:
        """The queue as records/waiting.py cuts it."""
        return waiting.queue_page(self.user, show=show, order=order, number=number)

    def next_free(self, show: str, order: str) -> ReviewRequest | None:
        return waiting.next_free(self.user, show=show, order=order)

    def review_request(self, request: Id) -> ReviewRequest:
        """For coordinators. NotAllowed for whoever sees the record and does not review it."""
        return self._one(ReviewRequest, request, check_can_review)

    def _one(self, model: Any, pk: Id, check: Check = check_can_see, of: Patient | None = None) -> Any:
        """A row with a patient, if that patient is visible and `check` has nothing against it."""
        visible = visible_patients(self.user) if of is None else visible_patients(self.user).filter(pk=of.pk)
        found = self._found(model.objects.filter(patient__in=visible), model, pk)
        self._check(check, found.patient, found)
        self._look(found.patient, found)
        return found

    def _owned(self, patient: Patient) -> Patient:
        self._check(check_can_own, patient, patient)
        return self._look(patient)

    def _check(self, check: Check, patient: Patient, at: Any) -> None:
        """A right that is asked for beyond seeing; who has it not leaves one row, and it is no look."""
        try:
            check(self.user, patient)
        except NotVisible:
            self._refuse(type(at), at.pk)
        except NotAllowed:
            audit.record(by=self.user, action="looked", patient=patient.pk, target=at, purpose=self.purpose, is_refused=True)
            raise

    def _found(self, visible: QuerySet[Any], model: Any, pk: Id) -> Any:
        try:
            key = pk if isinstance(pk, uuid.UUID) else uuid.UUID(str(pk))
        except ValueError:
            raise NotVisible from None
        found = visible.filter(pk=key).first()
        if found is None:
            self._refuse(model, key)
        return found

    def _look_at(self, row: Any) -> None:
        if isinstance(row, Patient):
            self._look(row)
        elif row.patient_id not in self._looked:  # asking for row.patient is a question for each row of a list
            self._look(row.patient, row)

    def _look(self, patient: Patient, at: Any = None) -> Patient:
        if patient.pk not in self._looked:
            self._check(check_can_see, patient, patient)
            if keyless([patient.pk]):  # deleted, and brought back by a backup
                self._refuse(Patient, patient.pk)
            audit.record(by=self.user, action="looked", patient=patient.pk, target=at or patient, purpose=self.purpose)
            self._looked.add(patient.pk)
        return patient

    def _refuse(self, model: Any, pk: uuid.UUID) -> None:
        """Leave a trace of the attempt, filed under the patient it was about, and answer as if there were nothing."""
        key = "pk" if model is Patient else "patient_id"
        patient = model.objects.filter(pk=pk).values_list(key, flat=True).first()
        audit.record(
            by=self.user if self.user.is_authenticated else None,
            action="looked",
            patient=patient,
            target_name=model._meta.model_name,
            target_id=pk,
            purpose=self.purpose,
            is_refused=True,
        )
        raise NotVisible


class LinkScope(Scope):
    """The record as who opened a link with its code sees it. Opening left the row of the log; this looks at that one record only."""

    def __init__(self, link: ShareLink) -> None:
        super().__init__(AnonymousUser(), purpose="link")
        self._of = link.patient_id

    def _look(self, patient: Patient, at: Any = None) -> Patient:
        if patient.pk != self._of:
            raise NotVisible
        return patient
