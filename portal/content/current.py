"""Rows of content → the values that personalize works with. What was read is remembered until the revision moves."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from personalize import content as values
from personalize.criteria import decode
from portal.models import content as rows
from portal.models.editable import Revision


def current_content(language: str | None = None) -> values.Content:
    """All content as it stands now, in the language of the request unless another is asked for; one small query while nothing changed."""
    return _content(Revision.current(), language or spoken_language())


def spoken_language() -> str:
    """Of the request: "es" for "es-mx" too, and English where there is none of ours."""
    return _ours(get_language() or values.ENGLISH)


@cache
def _ours(code: str) -> str:
    known = code.partition("-")[0]
    return known if known in dict(settings.LANGUAGES) else values.ENGLISH


@lru_cache(maxsize=4)
def _content(revision: int, language: str) -> values.Content:
    if language == values.ENGLISH:
        return read_content()
    return values.localized(_content(revision, values.ENGLISH), read_translations(), language)


def read_content(language: str = values.ENGLISH) -> values.Content:
    """All content, read anew."""
    read = values.Content(
        sources=tuple(source_value(one) for one in rows.Source.objects.all()),
        facts=tuple(fact_value(one) for one in rows.Fact.objects.prefetch_related("cited")),
        glossary=tuple(term_value(one) for one in rows.GlossaryTerm.objects.all()),
        answers=tuple(answer_value(one) for one in _answers()),
        guidelines=tuple(guideline_value(one) for one in rows.Guideline.objects.all()),
        services=tuple(service_value(one) for one in rows.Service.objects.all()),
        fixed_texts=tuple(fixed_text_value(one) for one in rows.FixedText.objects.all()),
        disagreements=tuple(disagreement_value(one) for one in rows.Disagreement.objects.all()),
    )
    return values.localized(read.in_order(), read_translations() if language != values.ENGLISH else (), language)


def read_translations() -> tuple[values.Translation, ...]:
    return tuple(translation_value(one) for one in rows.Translation.objects.all())


def translation_value(row: rows.Translation) -> values.Translation:
    words, english = ({name: _frozen(said) for name, said in one.items()} for one in (row.words, row.english))
    return values.Translation(row.language, row.kind, row.name, words, english, row.is_checked)


def _frozen(said: Any) -> Any:
    return tuple(said) if isinstance(said, list) else said


def _answers() -> Any:
    return rows.Answer.objects.prefetch_related("sections__passages__made_of")


def _same(row: Any, *names: str) -> dict[str, Any]:
    """Columns that are called and typed as in the value; lists become tuples."""
    made = {name: getattr(row, name) for name in names}
    return {name: _frozen(one) for name, one in made.items()}


def source_value(row: rows.Source) -> values.Source:
    return values.Source(**_same(row, "key", "title", "publisher", "authors", "year", "identifier", "url"))


def fact_value(row: rows.Fact) -> values.FactStatement:
    same = _same(row, "id", "statement", "population", "as_of", "region", "numbers", "checked_on", "is_shown", "note")
    return values.FactStatement(
        **same,
        source_keys=tuple(one.source_id for one in row.cited.all()),
        volatility=values.Volatility(row.volatility),
        sensitivity=values.Sensitivity(row.sensitivity),
    )


def term_value(row: rows.GlossaryTerm) -> values.GlossaryTerm:
    return values.GlossaryTerm(**_same(row, "term", "definition", "aliases", "fact_ids"))


def answer_value(row: rows.Answer) -> values.Answer:
    same = _same(row, "slug", "title", "codes", "names", "min_age", "max_age", "main_point", "disease", "is_shared", "is_solid", "order")
    return values.Answer(**same, sections=tuple(section_value(one) for one in row.sections.all()))


def section_value(row: rows.Section) -> values.Section:
    passages = tuple(passage_value(one, row.code) for one in row.passages.all())
    return values.Section(id=row.code, title=row.title, passages=passages)


def passage_value(row: rows.Passage, section: str) -> values.Passage:
    same = _same(row, "text", "anchors", "reason", "row", "only_for", "if_unknown", "order", "clinical_text", "heading")
    return values.Passage(
        **same,
        id=row.code,
        section=section,
        fact_ids=tuple(one.fact_id for one in row.made_of.all()),
        placement=values.Placement(row.placement),
        condition=decode(row.condition) if row.condition else None,
        group=values.RowGroup(row.group) if row.group else None,
        unlocks=values.Gap(row.unlocks) if row.unlocks else None,
        directives=tuple(values.Directive(one) for one in row.directives),
        sensitivity=values.Sensitivity(row.sensitivity) if row.sensitivity else None,
    )


def guideline_value(row: rows.Guideline) -> values.Guideline:
    return values.Guideline(**_same(row, "cancer", "title", "publisher", "year", "url"))


def service_value(row: rows.Service) -> values.Service:
    same = _same(row, "name", "kind", "region", "cost", "what", "url", "checked_on", "cancers")
    return values.Service(**same, source_key=row.source_id or "")


def fixed_text_value(row: rows.FixedText) -> values.FixedText:
    return values.FixedText(id=row.code, **_same(row, "title", "lines"))


def disagreement_value(row: rows.Disagreement) -> values.Disagreement:
    return values.Disagreement(id=row.code, **_same(row, "about", "text", "fact_ids"))
