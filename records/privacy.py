"""What every field holds, told for each one. A test fails for a field that is not here, and for a sealed class that is not sealed.

HEALTH and IDENTITY are encrypted with the patient's key. TRACE is needed in clear by the database (states, counts, moments, kinds) and says
something about care only together with who the patient is. ID is opaque. ACCOUNT is about a person who signs in. SECRET never leaves the
key store or the account tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Holds(Enum):
    ID = "opaque id"
    TRACE = "trace of care"
    HEALTH = "health, sealed"
    IDENTITY = "identity, sealed"
    ACCOUNT = "account"
    SECRET = "secret"  # noqa: S105
    PUBLIC = "public content"


SEALED = (Holds.HEALTH, Holds.IDENTITY)

_FIELDS: Mapping[str, Mapping[Holds, str]] = {
    "records.PatientKey": {Holds.ID: "owner ring_id", Holds.SECRET: "wrapped", Holds.TRACE: "created_at doomed_at"},
    "records.Patient": {Holds.ID: "id account", Holds.IDENTITY: "name place", Holds.TRACE: "is_caregiver notices_off created_at"},
    "records.Document": {
        Holds.ID: "id patient parent file digest",
        Holds.IDENTITY: "name",
        Holds.HEALTH: "password report",
        Holds.TRACE: "media_type byte_size status failure_code is_accepted reading page_count received_at finished_at",
    },
    "records.Arrival": {
        Holds.ID: "id patient label pieces",
        Holds.IDENTITY: "name",
        Holds.TRACE: "byte_size kept touched_at",
    },
    "records.Page": {
        Holds.ID: "id patient document image",
        Holds.HEALTH: "text words",
        Holds.TRACE: "reading number width height rotation source quality failure_code created_at",
    },
    "records.Finding": {
        Holds.ID: "id patient document fingerprint",
        Holds.HEALTH: "value date",
        Holds.TRACE: "kind assertion confidence extractor is_current created_at",
    },
    "records.Evidence": {Holds.ID: "id patient finding page", Holds.HEALTH: "quote", Holds.TRACE: "start end"},
    "records.Review": {
        Holds.ID: "id patient finding by",
        Holds.HEALTH: "corrected note",
        Holds.TRACE: "decision by_role at",
    },
    "records.Statement": {Holds.ID: "id patient by", Holds.HEALTH: "value date", Holds.TRACE: "kind at"},
    "records.Profile": {
        Holds.ID: "id patient signed_off_by",
        Holds.HEALTH: "content",
        Holds.TRACE: "number is_current built_at signed_off_at",
    },
    "records.Consent": {Holds.ID: "id patient given_by withdrawn_by", Holds.TRACE: "purpose version given_at withdrawn_at"},
    "records.Grant": {
        Holds.ID: "id patient to granted_by revoked_by",
        Holds.HEALTH: "ended_why",
        Holds.TRACE: "rights until granted_at revoked_at",
    },
    "records.ReviewRequest": {
        Holds.ID: "id patient requested_by claimed_by",
        Holds.TRACE: "requested_at claimed_until closed_at conflicts unsure facts is_counted",
    },
    "records.Question": {
        Holds.ID: "id patient finding asked_by answered_by",
        Holds.HEALTH: "text answer",
        Holds.TRACE: "asked_at answered_at",
    },
    "records.Invitation": {
        Holds.ID: "id patient digest invited_by grant",
        Holds.IDENTITY: "email",
        Holds.TRACE: "rights until invited_at expires_at revoked_at",
    },
    "records.ShareLink": {
        Holds.ID: "id patient digest made_by",
        Holds.IDENTITY: "code",
        Holds.TRACE: "made_at until revoked_at opened missed",
    },
    "records.AuditEvent": {
        Holds.ID: "id actor patient target_id seal",
        Holds.TRACE: "at actor_role action target purpose outcome",
    },
    "records.Notice": {Holds.ID: "id patient", Holds.TRACE: "kind made_at due_at sent_at attempts"},
    "records.SupportAccess": {Holds.ID: "id patient by", Holds.HEALTH: "reason ended_why", Holds.TRACE: "opened_at until ended_at"},
    "records.Work": {
        Holds.ID: "id patient document token",
        Holds.TRACE: "step reading number state failure_code attempts holder lease_until rung_at created_at finished_at seconds",
    },
    "portal.DeviceToken": {
        Holds.ID: "id user",
        Holds.ACCOUNT: "name scopes made_at until used_at revoked_at",
        Holds.SECRET: "digest",
    },
    "portal.User": {
        Holds.ID: "id",
        Holds.ACCOUNT: "email first_name last_name role language is_team_lead is_active is_staff is_superuser last_login date_joined groups user_permissions",
        Holds.SECRET: "password",
    },
}

# Every field: {"records.Patient.name": Holds.IDENTITY, …}
PRIVACY: Mapping[str, Holds] = {
    f"{model}.{name}": holds for model, by_class in _FIELDS.items() for holds, names in by_class.items() for name in names.split()
}
