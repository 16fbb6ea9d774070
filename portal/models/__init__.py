from portal.models.answer import ContentVersion, PersonalizedAnswer, SavedTrials
from portal.models.content import (
    Answer,
    Disagreement,
    Fact,
    FactSource,
    FixedText,
    GlossaryTerm,
    Guideline,
    Passage,
    PassageFact,
    Section,
    Service,
    Source,
    Translation,
)
from portal.models.editable import Revision
from portal.models.publishing import Edition
from portal.models.token import DeviceToken
from portal.models.trial import Criterion, RegistryRecord, RegistryVisit, Site, StatusChange, Trial
from portal.models.user import Role, User
from portal.models.webhook import Delivery, Webhook

__all__ = [
    "Answer",
    "ContentVersion",
    "Criterion",
    "Delivery",
    "DeviceToken",
    "Disagreement",
    "Edition",
    "Fact",
    "FactSource",
    "FixedText",
    "GlossaryTerm",
    "Guideline",
    "Passage",
    "PassageFact",
    "PersonalizedAnswer",
    "RegistryRecord",
    "RegistryVisit",
    "Revision",
    "Role",
    "SavedTrials",
    "Section",
    "Service",
    "Site",
    "Source",
    "StatusChange",
    "Translation",
    "Trial",
    "User",
    "Webhook",
]
