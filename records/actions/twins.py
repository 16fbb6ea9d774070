"""The same report sent as two different files: told to the person, both kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from records.models import Document, Page
from records.reading.likeness import Sketch, is_same_report, sketch
from records.states import DocumentState


def with_twin(document: Document, pages: Iterable[Page], report: dict[str, Any]) -> dict[str, Any]:
    """The report's heading with what is kept to compare it, and the id of the file that shows the same report, if there is one ("same_as").

    Facts are not touched: the same fact from two files is one fact with two places.
    """
    mine = sketch("\n".join(page.text for page in pages))
    others = (
        Document.objects.filter(patient=document.patient_id, status=DocumentState.READY)
        .exclude(pk=document.pk)
        .order_by("received_at", "pk")
    )
    twin = next((str(one.pk) for one in others if (kept := _kept(one)) and is_same_report(mine, kept)), None)
    return {**report, "sketch": {"pairs": list(mine.pairs), "numbers": list(mine.numbers)}, "same_as": twin}


def _kept(document: Document) -> Sketch | None:
    kept = (document.report or {}).get("sketch")
    return Sketch(tuple(kept["pairs"]), tuple(kept["numbers"])) if kept else None
