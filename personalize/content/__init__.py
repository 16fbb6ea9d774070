"""What the pages are made of: values, the wording rules they obey, and the loader of the seed."""

from personalize.content.kinds import Directive, Gap, Placement, RowGroup, Sensitivity, Volatility, strongest
from personalize.content.plain import ENGLISH, stable_json
from personalize.content.reading_grade import (
    MAX_GRADE,
    MAX_INTERFACE_GRADE,
    MAX_WORDS_IN_SENTENCE,
    longest_sentence,
    reading_grade,
    sentences,
)
from personalize.content.seed import FACT_SLOT, ContentFault, check_links, load_answer, load_seed
from personalize.content.translating import Translation, Words, localized, name_of, parts_of, words_of
from personalize.content.values import (
    Answer,
    Content,
    Disagreement,
    FactStatement,
    FixedText,
    GlossaryTerm,
    Guideline,
    Passage,
    Section,
    Service,
    Source,
)
from personalize.content.wording import WordingFault, rate_faults, wording_faults

__all__ = [
    "ENGLISH",
    "FACT_SLOT",
    "MAX_GRADE",
    "MAX_INTERFACE_GRADE",
    "MAX_WORDS_IN_SENTENCE",
    "Answer",
    "Content",
    "ContentFault",
    "Directive",
    "Disagreement",
    "FactStatement",
    "FixedText",
    "Gap",
    "GlossaryTerm",
    "Guideline",
    "Passage",
    "Placement",
    "RowGroup",
    "Section",
    "Sensitivity",
    "Service",
    "Source",
    "Translation",
    "Volatility",
    "WordingFault",
    "Words",
    "check_links",
    "load_answer",
    "load_seed",
    "localized",
    "longest_sentence",
    "name_of",
    "parts_of",
    "rate_faults",
    "reading_grade",
    "sentences",
    "stable_json",
    "strongest",
    "wording_faults",
    "words_of",
]
