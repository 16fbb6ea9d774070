"""From a received file to facts, one step of the queue at a time. Each step may be stopped anywhere and done again.

A step claims its row, works outside any transaction, and stores in one transaction that first proves it still holds the claim: what was
worked out after consent was withdrawn, the file deleted or the claim lost is thrown away.
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from records import audit, queue
from records.actions import readers
from records.actions.claims import claimed, is_of_surroundings, with_others
from records.actions.documents import keep_member
from records.actions.findings import Extracted, extract, store_findings
from records.actions.notices import Kind, tell
from records.actions.profiles import build_profile
from records.actions.twins import with_twin
from records.actions.whose import refusal_of, settle_others
from records.exceptions import ReadingError, RecordsError
from records.keys import key_for
from records.models import Consent, Document, Page, Patient, Work
from records.permissions import has_consent
from records.queue import Claim
from records.reading.patience import Spent, page_seconds, pages_together, seconds_together
from records.states import DocumentState, WorkState, check_step
from records.storage import SealedFile, delete_file, keep_file

Store = Callable[[Document], None]
BLANK = "blank"


def read_document(*, work: uuid.UUID) -> None:
    """Open the file: its pages become work, the files of an archive become documents."""
    with claimed(work, Work.Step.DOCUMENT, DocumentState.READING) as claim:
        if claim:
            _read_document(claim)


def read_page(*, work: uuid.UUID) -> None:
    """Read a page, and others of its patient in the same go, and keep their words and pictures. The last page to end sends the document on."""
    with claimed(work, Work.Step.PAGE, DocumentState.READING) as claim:
        if claim:
            spent = queue.spent(claim)
            with with_others(claim, pages_together(spent) - 1) as claims:
                _read_pages(claims, spent)


def extract_document(*, work: uuid.UUID) -> None:
    """Find the facts on the pages that were read. Doing it again adds nothing."""
    with claimed(work, Work.Step.EXTRACT, DocumentState.EXTRACTING) as claim:
        if claim:
            _extract_document(claim)


def rebuild_profile(*, work: uuid.UUID) -> None:
    with claimed(work, Work.Step.PROFILE, None) as claim, transaction.atomic():
        patient = Patient.objects.select_for_update().filter(pk=claim.patient).first() if claim else None
        if claim and patient and queue.finish(claim):
            build_profile(patient)


def _finish(claim: Claim, then: Store, failure_code: str = "") -> bool:
    """Prove the claim and store, or store nothing. Holding the patient's row, so that counting what is left cannot miss a neighbour."""
    with transaction.atomic():
        patient = Patient.objects.select_for_update().filter(pk=claim.patient).first()
        if patient is None or not has_consent(claim.patient, Consent.Purpose.READING) or not queue.finish(claim, failure_code):
            return False
        then(Document.objects.get(pk=claim.document))
    return True


def _finish_failed(claim: Claim, code: str) -> None:
    _finish(claim, lambda row: _fail(row, code), code)


def _read_document(claim: Claim) -> None:
    document = Document.objects.select_related("patient").get(pk=claim.document)
    try:
        with _original(document) as stream:
            opened = readers.open_document(stream, document.media_type, document.name, document.password)
            for member in opened.members:
                keep_member(document, member.name, member.content, member.media_type)
    except RecordsError as error:
        if is_of_surroundings(error):
            raise
        _finish_failed(claim, error.code)
        return
    _finish(claim, lambda row: _add_pages(row, opened.page_count))


def _add_pages(document: Document, count: int) -> None:
    document.page_count = count
    document.save(update_fields=["page_count"])
    if count == 0:
        _end(document, DocumentState.READY)
        return
    done = set(Page.objects.filter(document=document, reading=document.reading).values_list("number", flat=True))
    queue.add_work(
        Work.Step.PAGE, patient=document.patient_id, document=document, numbers=[n for n in range(1, count + 1) if n not in done]
    )
    _go_on_if_read(document)


def _read_pages(claims: list[Claim], spent: Spent) -> None:
    """Each is stored as it comes. Where reading ended over several pages, nobody knows at which: they are given back, to be tried alone."""
    documents = Document.objects.in_bulk({one.document for one in claims})
    claims = [one for one in claims if one.document in documents]  # a file may be deleted at any time, and its claims with it
    if not claims:
        return
    seconds = page_seconds(spent) if len(claims) == 1 else seconds_together(spent)
    left, begun_at = deque(claims), claims[0].begun_at
    try:
        if not seconds:
            raise ReadingError("timed_out")
        with _wanted(claims, documents) as wanted:
            for read in readers.read_pages(wanted, seconds):
                claim = replace(left.popleft(), begun_at=begun_at)
                _keep_unread(claim, read.code) if isinstance(read, ReadingError) else _keep_page(claim, read)
                begun_at = time.monotonic()
    except ReadingError as error:
        if len(claims) == 1:
            _keep_unread(claims[0], error.code)
            return
        queue.charge({one.document: replace(one, begun_at=begun_at) for one in left}.values())
        for one in left:
            queue.give_back(one)


@contextmanager
def _wanted(claims: Iterable[Claim], documents: Mapping[uuid.UUID | None, Document]) -> Iterator[list[readers.Wanted]]:
    with ExitStack() as files:
        streams = {key: files.enter_context(_original(document)) for key, document in documents.items()}
        yield [readers.Wanted(streams[one.document], one.number, documents[one.document].password) for one in claims]


def _keep_unread(claim: Claim, code: str) -> None:
    _finish(claim, lambda row: _add_unread(row, claim, code), code)


def _keep_page(claim: Claim, read: readers.ReadPage) -> None:
    image = keep_file(key_for(claim.patient, "files"), claim.patient, [read.image]) if read.image else ""
    place = {"document_id": claim.document, "patient_id": claim.patient, "reading": claim.reading, "number": claim.number}
    page = Page(**place, image=image, failure_code=read.code or "", **Page.columns(read.page))
    is_stored = False
    try:
        # A page without words was read to its end; one that is too poor to trust was not.
        is_stored = _finish(claim, lambda row: _add_page(row, page), "" if page.failure_code == BLANK else page.failure_code)
    except (OperationalError, InterfaceError):
        is_stored = True  # perhaps: a database that went away may have kept the row that names the picture
        raise
    finally:
        if image and not is_stored:
            delete_file(image)


def _add_page(document: Document, page: Page) -> None:
    page.save(force_insert=True)
    _go_on_if_read(document)


def _add_unread(document: Document, claim: Claim, code: str) -> None:
    mine = {"document": document, "patient_id": claim.patient, "reading": claim.reading, "number": claim.number}
    Page(**mine, text="", words=[], failure_code=code).save(force_insert=True)
    _go_on_if_read(document)


def _go_on_if_read(document: Document) -> None:
    """The fan-in: after the last page, on to the facts; a document without one readable page has failed as the first page that is not blank did."""
    pages = Page.objects.filter(document=document, reading=document.reading).order_by("number")
    if pages.count() < (document.page_count or 0):
        return
    if not pages.filter(failure_code="").exists():
        failures = pages.values_list("failure_code", flat=True)
        _fail(document, next((code for code in failures if code != BLANK), BLANK))
        return
    check_step(document.status, DocumentState.EXTRACTING)
    document.status = DocumentState.EXTRACTING
    document.save(update_fields=["status"])
    queue.add_work(Work.Step.EXTRACT, patient=document.patient_id, document=document)


def _extract_document(claim: Claim) -> None:
    document = Document.objects.get(pk=claim.document)
    pages = list(Page.objects.filter(document=document, reading=claim.reading, failure_code="").order_by("number"))
    try:
        extracted = extract(document, pages)
    except ReadingError as error:
        _finish_failed(claim, error.code)
        return
    _finish(claim, lambda row: _add_findings(row, pages, extracted))


def _add_findings(document: Document, pages: list[Page], extracted: Extracted) -> None:
    """Facts of a file that is no medical record, or another person's, are not kept; its heading is, for the person may say it is theirs."""
    document.report = with_twin(document, pages, extracted.report)
    code = refusal_of(document, is_medical=extracted.is_medical)
    store_findings(document, pages, replace(extracted, findings=()) if code else extracted)
    _end(document, DocumentState.FAILED if code else DocumentState.READY, code)
    settle_others(document)


def _end(document: Document, status: DocumentState, failure_code: str = "") -> None:
    check_step(document.status, status)
    document.status, document.failure_code, document.finished_at = status, failure_code, timezone.now()
    document.save(update_fields=["status", "failure_code", "finished_at", "report"])
    queue.add_work(Work.Step.PROFILE, patient=document.patient_id)
    tell(document.patient, Kind.NEEDS_YOU if failure_code else Kind.FILE_READ)
    audit.record(by=None, action=f"document.{status}", patient=document.patient_id, target=document)


def _fail(document: Document, code: str) -> None:
    _end(document, DocumentState.FAILED, code)


def give_up(row: Work) -> bool:
    """Quarantine: tried settings.CLAIM_ATTEMPTS times. One page is given up alone; any other step fails the document."""
    with transaction.atomic():
        patient = Patient.objects.select_for_update().filter(pk=row.patient_id).first()
        if patient is None or not queue.give_up(row, "quarantined"):
            return False
        if row.document_id is None:
            return True
        document = Document.objects.get(pk=row.document_id)
        if row.step == Work.Step.PAGE:
            claim = Claim(row.pk, uuid.uuid4(), row.step, row.patient_id, row.document_id, row.reading, row.number)
            _add_unread(document, claim, "quarantined")
        elif document.is_unfinished:
            _fail(document, "quarantined")
    return True


def _original(document: Document) -> SealedFile:
    return SealedFile(key_for(document.patient_id, "files"), document.file)


PERFORM = {
    Work.Step.DOCUMENT.value: read_document,
    Work.Step.PAGE.value: read_page,
    Work.Step.EXTRACT.value: extract_document,
    Work.Step.PROFILE.value: rebuild_profile,
}


def perform_waiting() -> int:
    """Do all that waits, here and now, until nothing does: for commands and tests without workers. Returns how many rows were tried."""
    tried: set[tuple[uuid.UUID, int]] = set()
    while rows := [row for row in Work.objects.filter(state=WorkState.WAITING, lease_until=None) if (row.pk, row.attempts) not in tried]:
        for row in rows:
            tried.add((row.pk, row.attempts))
            PERFORM[row.step](work=row.pk)
    return len({row for row, _ in tried})
