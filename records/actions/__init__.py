"""The one door for writing.

Every action takes keywords only, runs in one transaction (check, change, audit) and raises NotVisible (404), NotAllowed (403) or
RecordsError (a code from records.exceptions.REASONS with a plain sentence).
`by` is the signed-in account; `patient`, `document`, `finding` … are rows got through records.scope.Scope.
"""

from records.actions.adding import add_finding
from records.actions.agreeing import agree
from records.actions.arriving import add_piece, begin_arrival, finish_arrival
from records.actions.documents import accept_document, delete_document, receive_document, retry_document, unlock_document
from records.actions.inviting import (
    accept_invitation,
    find_invitation,
    invite,
    make_share_link,
    open_share_link,
    revoke_invitation,
    revoke_share_link,
)
from records.actions.notices import choose_notices
from records.actions.people import delete_patient, give_consent, open_patient, withdraw_consent
from records.actions.places import tell_place
from records.actions.questions import answer_question, ask_patient
from records.actions.reviews import (
    claim_review,
    release_review,
    request_review,
    review_finding,
    review_findings,
    sign_off,
    state_fact,
    take_back,
)
from records.actions.sharing import grant_access, revoke_access
from records.actions.supporting import end_staff_access, end_support, open_support, retry_quarantined

__all__ = [
    "accept_document",
    "accept_invitation",
    "add_finding",
    "add_piece",
    "agree",
    "answer_question",
    "ask_patient",
    "begin_arrival",
    "choose_notices",
    "claim_review",
    "delete_document",
    "delete_patient",
    "end_staff_access",
    "end_support",
    "find_invitation",
    "finish_arrival",
    "give_consent",
    "grant_access",
    "invite",
    "make_share_link",
    "open_patient",
    "open_share_link",
    "open_support",
    "receive_document",
    "release_review",
    "request_review",
    "retry_document",
    "retry_quarantined",
    "review_finding",
    "review_findings",
    "revoke_access",
    "revoke_invitation",
    "revoke_share_link",
    "sign_off",
    "state_fact",
    "take_back",
    "tell_place",
    "unlock_document",
    "withdraw_consent",
]
