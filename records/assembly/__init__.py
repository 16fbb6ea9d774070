"""Findings and people's words in, one profile out: pure, without a clock, the same whatever order the findings come in.

    assemble(judged, today=day)          the profile, and every conflict with what was chosen and why
    judge_documents(documents)           what each file of a patient is: read, duplicate, another person's, not medical
    assemble_line(folder, documents, today=day)   the line of `manage.py profile` (docs/contract)

Order of trust: a person's word > corrected or amended reports > final pathology > molecular > oncology notes > radiology > outside
history > what the patient typed. Then the latest date for what changes (fitness, labs, extent), one staging event for T, N and M.
"""

from __future__ import annotations

from records.assembly.documents import DocumentOutcome, ReadDocument, judge_documents
from records.assembly.judged import Decision, JudgedFinding, Review, Role
from records.assembly.line import assemble_line, judged_findings
from records.assembly.profile import Assembled, assemble

__all__ = [
    "Assembled",
    "Decision",
    "DocumentOutcome",
    "JudgedFinding",
    "ReadDocument",
    "Review",
    "Role",
    "assemble",
    "assemble_line",
    "judge_documents",
    "judged_findings",
]
