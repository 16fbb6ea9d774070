"""Where else to look: guidelines and the directory of related services."""

from __future__ import annotations

from dataclasses import dataclass

from personalize.content import Content, Guideline, Service, Source
from portal.presenters.telling import other_language

EVERY_CANCER = "all cancers"


@dataclass(frozen=True, slots=True)
class ShownService:
    """An entry with the source it was checked against; None where there is no page of it. lang: of its words, where it is not the page's."""

    service: Service
    source: Source | None
    lang: str = ""


def services_for(content: Content, slug: str | None = None) -> tuple[ShownService, ...]:
    """Those for an answer; slug None: all. By kind, then name."""
    sources = {one.key: one for one in content.sources if one.url}
    wanted = (one for one in content.services if slug is None or not one.cancers or slug in one.cancers)
    return tuple(
        ShownService(one, sources.get(one.source_key), other_language(one.language))
        for one in sorted(wanted, key=lambda one: (one.kind, one.name))
    )


def guidelines_for(content: Content, disease: str) -> tuple[Guideline, ...]:
    """Those of this cancer, then those of every cancer."""
    named = disease.lower()
    own = [one for one in content.guidelines if named and one.cancer.lower() in (named, f"{named}s")]
    return (*own, *(one for one in content.guidelines if one.cancer.lower() == EVERY_CANCER))
