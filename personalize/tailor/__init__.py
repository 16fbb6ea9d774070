"""From content and a profile to the page that is about this person."""

from personalize.tailor.cards import fact_cards
from personalize.tailor.engine import general_page, tailor
from personalize.tailor.pages import GENERAL_SLUG
from personalize.tailor.values import (
    Change,
    Citation,
    FactCard,
    FixedBlock,
    TailoredAnswer,
    TailoredSection,
    TailoredSentence,
    TrialsDisplay,
    Unknown,
)

__all__ = [
    "GENERAL_SLUG",
    "Change",
    "Citation",
    "FactCard",
    "FixedBlock",
    "TailoredAnswer",
    "TailoredSection",
    "TailoredSentence",
    "TrialsDisplay",
    "Unknown",
    "fact_cards",
    "general_page",
    "tailor",
]
