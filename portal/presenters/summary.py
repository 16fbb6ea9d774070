"""The printable summary for the doctor, as a tagged PDF."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from portal.presenters.my_answer import MyAnswer

MOST_FACTS = 16
MOST_QUESTIONS = 6


class NoPdf(Exception):
    """This machine lacks the libraries that draw text (pango)."""


def summary_pdf(mine: MyAnswer) -> bytes:
    """At most two A4 pages, PDF/UA-1: facts with their pages, what is not known, questions, trials, when to call for help."""
    try:
        from weasyprint import CSS, HTML
    except OSError as error:
        raise NoPdf from error
    facts = (*mine.facts, *mine.more_facts)
    shown = {"mine": mine, "facts": facts[:MOST_FACTS], "more": len(facts[MOST_FACTS:]), "questions": mine.questions[:MOST_QUESTIONS]}
    style = CSS(filename=finders.find("portal/summary.css"))
    made: bytes = HTML(string=render_to_string("mine/summary.html", shown), url_fetcher=_refuse).write_pdf(
        stylesheets=[style], pdf_variant="pdf/ua-1"
    )
    return made


def _refuse(url: str, *args: Any, **options: Any) -> dict[str, Any]:
    raise ValueError("a summary fetches nothing")
