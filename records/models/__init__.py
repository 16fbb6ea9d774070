from records.keys import PatientKey
from records.models.append_only import WrittenOnce
from records.models.arriving import Arrival
from records.models.asking import Question
from records.models.audit import AuditEvent
from records.models.document import Document, Page
from records.models.finding import Evidence, Finding, Review, Statement
from records.models.inviting import Invitation, ShareLink
from records.models.notice import Notice
from records.models.patient import Patient
from records.models.profile import Profile
from records.models.sharing import Consent, Grant, ReviewRequest
from records.models.support import SupportAccess
from records.models.work import Work

__all__ = [
    "Arrival",
    "AuditEvent",
    "Consent",
    "Document",
    "Evidence",
    "Finding",
    "Grant",
    "Invitation",
    "Notice",
    "Page",
    "Patient",
    "PatientKey",
    "Profile",
    "Question",
    "Review",
    "ReviewRequest",
    "ShareLink",
    "Statement",
    "SupportAccess",
    "Work",
    "WrittenOnce",
]
