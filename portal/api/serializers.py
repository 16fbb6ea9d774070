"""What the API shows of a patient's record. Everything comes out of Scope; nothing here looks anything up by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.api.choices import ASSERTIONS, DECISIONS, DOCUMENT_STATES, KINDS
from portal.api.facts import DATE
from portal.api.strict import Text, Whole, YesNo
from portal.presenters.refusals import refusal_words
from records.exceptions import REASONS
from records.reading.page import Source


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 problem details; code and detail are those that the pages show. errors: by field, where fields are not right."""

    type = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(required=False)


class FailureSerializer(serializers.Serializer[Any]):
    """Why a file or a page could not be read, and what to do next."""

    code = serializers.ChoiceField(choices=list(REASONS))
    detail = serializers.CharField()


def failure(code: str) -> dict[str, str] | None:
    return {"code": code, "detail": refusal_words(code)} if code else None


class DocumentSerializer(serializers.Serializer[Any]):
    """One file. pages is null until they are counted."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    byte_size = serializers.IntegerField()
    status = serializers.ChoiceField(choices=DOCUMENT_STATES)
    failure = serializers.SerializerMethodField()
    pages = serializers.IntegerField(source="page_count", allow_null=True)
    received_at = serializers.DateTimeField()

    @extend_schema_field(FailureSerializer(allow_null=True))
    def get_failure(self, document: Any) -> dict[str, str] | None:
        """The code, and what happened with what to do next."""
        return failure(document.failure_code)


class PageSerializer(serializers.Serializer[Any]):
    """One page as the newest reading found it. width and height: of the page as displayed, in points or pixels."""

    number = serializers.IntegerField()
    width = serializers.FloatField()
    height = serializers.FloatField()
    source = serializers.ChoiceField(choices=[*(one.value for one in Source), ""])
    text = serializers.CharField()
    has_image = serializers.SerializerMethodField()
    failure = serializers.SerializerMethodField()

    def get_has_image(self, page: Any) -> bool:
        return bool(page.image)

    @extend_schema_field(FailureSerializer(allow_null=True))
    def get_failure(self, page: Any) -> dict[str, str] | None:
        return failure(page.failure_code)


class EvidenceSerializer(serializers.Serializer[Any]):
    """Words on a page; boxes are [x0, top, x1, bottom] as fractions of the page as displayed."""

    document = serializers.UUIDField()
    document_name = serializers.CharField()
    page_number = serializers.IntegerField()
    quote = serializers.CharField()
    boxes = serializers.SerializerMethodField()

    def get_boxes(self, evidence: Any) -> list[list[float]]:
        return [[box.x0, box.top, box.x1, box.bottom] for box in evidence.boxes]


class NewestDecision(serializers.ChoiceField):
    """Of a finding: what somebody said of it last, None where nobody did."""

    def to_representation(self, finding: Any) -> Any:
        newest = max(finding.reviews.all(), key=lambda one: one.at, default=None)
        return newest.decision if newest else None


class FindingSerializer(serializers.Serializer[Any]):
    """What the machine found, as it was found. decision: a person's newest word on it."""

    id = serializers.UUIDField()
    document = serializers.UUIDField(source="document_id")
    kind = serializers.ChoiceField(choices=KINDS)
    value = serializers.DictField()
    assertion = serializers.ChoiceField(choices=ASSERTIONS)
    date = serializers.CharField(allow_null=True)
    confidence = serializers.FloatField()
    extractor = serializers.CharField()
    decision = NewestDecision(choices=DECISIONS, allow_null=True, source="*")


class ReviewSerializer(serializers.Serializer[Any]):
    """A person's decision on a finding; `corrected` is the whole value and stands only with "corrected"."""

    decision = serializers.ChoiceField(choices=DECISIONS)
    corrected = serializers.DictField(required=False, allow_null=True, default=None)
    note = Text(required=False, allow_blank=True, max_length=2000, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["decision"] == "corrected") != isinstance(attrs.get("corrected"), dict):
            raise serializers.ValidationError({"corrected": "Give the corrected value if, and only if, the decision is corrected."})
        return attrs


class KeptReviewSerializer(serializers.Serializer[Any]):
    """A decision as it is kept. by_role: what the person was when deciding."""

    id = serializers.UUIDField()
    finding = serializers.UUIDField(source="finding_id")
    decision = serializers.ChoiceField(choices=DECISIONS)
    corrected = serializers.DictField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    by_role = serializers.CharField()
    at = serializers.DateTimeField()


class TellingSerializer(serializers.Serializer[Any]):
    """A fact that no file says. value: the parts that this kind of fact has. date: a year, a month or a day."""

    kind = serializers.ChoiceField(choices=KINDS)
    value = serializers.DictField()
    date = serializers.RegexField(DATE, required=False, allow_null=True, default=None, trim_whitespace=False)

    def validate_date(self, date: Any) -> Any:
        if isinstance(self.initial_data.get("date"), int | float) or (date or "").endswith("\n"):
            raise serializers.ValidationError("Type the date like 2025-03-14, 2025-03 or 2025")
        return date


class StatementSerializer(serializers.Serializer[Any]):
    """What the patient told us, as it is kept."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    value = serializers.DictField()
    date = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class PasswordSerializer(serializers.Serializer[Any]):
    password = Text(max_length=200)


class AuditEventSerializer(serializers.Serializer[Any]):
    """Who looked at or changed the record. is_me: it was the account that asks now."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    is_me = serializers.SerializerMethodField()
    actor_role = serializers.CharField()
    action = serializers.CharField()
    purpose = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["done", "refused"])

    def get_is_me(self, event: Any) -> bool:
        return bool(event.actor == self.context["me"])


class ReviewRequestSerializer(serializers.Serializer[Any]):
    """A record that waits for a coordinator. taken: nobody, me or somebody else works on it. Names no fact."""

    id = serializers.UUIDField()
    requested_at = serializers.DateTimeField()
    claimed_until = serializers.DateTimeField(allow_null=True)
    taken = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=["no", "by_me", "by_another"]))
    def get_taken(self, row: Any) -> str:
        holder = self.context["holder_of"](row)
        return "no" if holder is None else "by_me" if holder == self.context["me"] else "by_another"


class TakingSerializer(serializers.Serializer[Any]):
    takeover = YesNo(required=False, default=False)


class SigningSerializer(serializers.Serializer[Any]):
    """snapshot: the number of exactly the profile that was read."""

    number = Whole(min_value=1, max_value=2_147_483_647)
