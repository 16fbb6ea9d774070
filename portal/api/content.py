"""What the API shows of the rows that answers are made of, what may be asked of them, and what a change may say."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.api.asking import PageQuery
from portal.api.choices import CHANGE_STATES, CONTENT_KINDS, PLACEMENTS, ROW_GROUPS, SENSITIVITIES, VOLATILITIES
from portal.api.strict import Text, Whole, YesNo
from portal.content.conditions import in_words
from portal.content.publishing import LINKS
from portal.content.wording import faults_of
from portal.models import Edition

_MOST_LINKS = 100


class SearchQuery(PageQuery):
    q = Text(required=False, max_length=200, help_text="These words, as they stand, in the row's names or words.")


class PassageQuery(SearchQuery):
    answer = Text(required=False, max_length=80, help_text="The answer's slug, for example pancreatic.")
    placement = serializers.ChoiceField(required=False, choices=PLACEMENTS)
    group = serializers.ChoiceField(required=False, choices=ROW_GROUPS)


class FactQuery(SearchQuery):
    volatility = serializers.ChoiceField(required=False, choices=VOLATILITIES)
    sensitivity = serializers.ChoiceField(required=False, choices=SENSITIVITIES)
    region = Text(required=False, max_length=60)
    is_shown = serializers.BooleanField(required=False, default=None, allow_null=True)


class ChangeQuery(PageQuery):
    kind = serializers.ChoiceField(required=False, choices=CONTENT_KINDS)
    state = serializers.ChoiceField(required=False, choices=CHANGE_STATES)


class PassageSerializer(serializers.Serializer[Any]):
    """A few sentences shown together. facts: ids in order. condition and for_whom: who sees it, as stored and as a sentence; null: everybody."""

    id = serializers.IntegerField()
    answer = serializers.CharField(source="section.answer_id")
    section = serializers.CharField(source="section.code")
    code = serializers.CharField()
    heading = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    clinical_text = serializers.CharField(allow_blank=True)
    facts = serializers.ListField(child=serializers.CharField(), source="links")
    placement = serializers.ChoiceField(choices=PLACEMENTS)
    anchors = serializers.ListField(child=serializers.CharField())
    condition = serializers.DictField(allow_null=True)
    for_whom = serializers.SerializerMethodField()
    only_for = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField(allow_blank=True)
    row = serializers.CharField(allow_null=True)
    group = serializers.ChoiceField(choices=ROW_GROUPS, allow_null=True)
    if_unknown = serializers.CharField(allow_blank=True)
    sensitivity = serializers.ChoiceField(choices=SENSITIVITIES, allow_null=True)

    def get_for_whom(self, passage: Any) -> str:
        return in_words(passage.condition)


class FactSerializer(serializers.Serializer[Any]):
    """One sourced claim. sources: keys, the main one first. numbers: the figures behind the words, as JSON text."""

    id = serializers.CharField()
    statement = serializers.CharField()
    sources = serializers.ListField(child=serializers.CharField(), source="links")
    population = serializers.CharField(allow_blank=True)
    as_of = serializers.CharField(allow_blank=True)
    volatility = serializers.ChoiceField(choices=VOLATILITIES)
    sensitivity = serializers.ChoiceField(choices=SENSITIVITIES)
    region = serializers.CharField()
    numbers = serializers.CharField()
    checked_on = serializers.DateField(allow_null=True)
    is_shown = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)


class SourceSerializer(serializers.Serializer[Any]):
    """Where a fact was read."""

    key = serializers.CharField()
    title = serializers.CharField()
    publisher = serializers.CharField(allow_blank=True)
    authors = serializers.CharField(allow_blank=True)
    year = serializers.IntegerField(allow_null=True)
    identifier = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)


class GlossaryTermSerializer(serializers.Serializer[Any]):
    """A word explained in place."""

    term = serializers.CharField()
    definition = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    fact_ids = serializers.ListField(child=serializers.CharField())


class ContentChangeSerializer(serializers.Serializer[Any]):
    """A change on its way to the pages. object_id: of its row, empty for a new one. is_mine: whoever asks wrote it, and cannot publish it."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=CONTENT_KINDS)
    object_id = serializers.CharField(allow_blank=True)
    what = serializers.CharField()
    state = serializers.ChoiceField(choices=CHANGE_STATES)
    note = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    is_mine = serializers.SerializerMethodField()
    written_at = serializers.DateTimeField()
    reviewed_at = serializers.DateTimeField(allow_null=True)
    answer_to_author = serializers.CharField(allow_blank=True)
    number = serializers.IntegerField(allow_null=True)

    def get_is_mine(self, edition: Edition) -> bool:
        return bool(edition.author_id == self.context["me"].pk)


class WholeContentChangeSerializer(ContentChangeSerializer):
    """The same with the row as it was and as it would be, and what keeps it from the pages."""

    before = serializers.DictField()
    after = serializers.DictField()
    faults = serializers.SerializerMethodField()

    def get_faults(self, edition: Edition) -> list[str]:
        return faults_of(edition.kind, edition.after, facts=edition.after.get(LINKS, ()), reason=edition.reason)


class ProposingSerializer(serializers.Serializer[Any]):
    """What stays out stays as it is. edition_note: what changed, for the public list; edition_reason: why it cannot be simpler."""

    edition_note = Text(required=False, allow_blank=True, max_length=200)
    edition_reason = Text(required=False, allow_blank=True)


class PassageChangeSerializer(ProposingSerializer):
    """facts: all that it is made of, in order. For whom and where it stands is changed in the admin, where it can be tried."""

    heading = Text(required=False, allow_blank=True, max_length=200)
    text = Text(required=False, allow_blank=True)
    clinical_text = Text(required=False, allow_blank=True)
    reason = Text(required=False, allow_blank=True)
    if_unknown = Text(required=False, allow_blank=True)
    sensitivity = serializers.ChoiceField(required=False, allow_null=True, choices=SENSITIVITIES)
    facts = serializers.ListField(required=False, child=Text(max_length=40), max_length=_MOST_LINKS)


class FactChangeSerializer(ProposingSerializer):
    """sources: all keys, the main one first. The figures behind the words are changed in the admin."""

    statement = Text(required=False)
    population = Text(required=False, allow_blank=True)
    as_of = Text(required=False, allow_blank=True, max_length=120)
    volatility = serializers.ChoiceField(required=False, choices=VOLATILITIES)
    sensitivity = serializers.ChoiceField(required=False, choices=SENSITIVITIES)
    region = Text(required=False, max_length=60)
    is_shown = YesNo(required=False)
    note = Text(required=False, allow_blank=True)
    sources = serializers.ListField(required=False, child=Text(max_length=60), max_length=_MOST_LINKS)


class SourceChangeSerializer(serializers.Serializer[Any]):
    """What stays out stays as it is."""

    title = Text(required=False)
    publisher = Text(required=False, allow_blank=True, max_length=300)
    authors = Text(required=False, allow_blank=True, max_length=500)
    year = Whole(required=False, allow_null=True, min_value=0, max_value=32767)
    identifier = Text(required=False, allow_blank=True, max_length=300)
    url = Text(required=False, allow_blank=True, max_length=600)


class SendingBackSerializer(serializers.Serializer[Any]):
    why = Text(required=False, allow_blank=True, max_length=2000, default="", help_text="For the author.")
