"""What rendering one answer costs, beside a bare page of the same size."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandParser
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from personalize.content import load_seed
from personalize.questions import questions
from personalize.tailor import tailor
from portal.answers.values import PersonalAnswer
from portal.content.previewing import PEOPLE, MadeUpPerson, made_up_people
from portal.presenters.my_answer import my_page

BARE = '{% extends "base.html" %}{% block main %}{{ text|safe }}{% endblock %}'
MOST_MS = 30


class Command(BaseCommand):
    help = "Measure the processor time of rendering the answer of each made-up person, beyond a bare template of the same size."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--times", type=int, default=20, help="render each answer this many times and take the fastest (default: 20)")

    def handle(self, *args: Any, times: int, **options: Any) -> None:
        content, today = load_seed(PEOPLE.parent), dt.date(2026, 11, 25)
        request = RequestFactory().get("/my/")
        request.user = AnonymousUser()
        bare = engines["django"].from_string(BARE)
        worst = 0.0

        def answer(person: MadeUpPerson) -> str:
            tailored = tailor(content, person.profile, today=today, slug=person.slug)
            made = PersonalAnswer(tailored, (), questions(tailored, ()), person.profile, 1, today)
            shown = {"mine": my_page(content, made), "view": "answer", "is_reading": False, "is_clinical": False}
            return render_to_string("mine/answer.html", shown, request=request)

        for person in made_up_people():
            page = answer(person)
            main = page[page.index("<main") : page.index("</main>")]
            whole = _fastest(lambda person=person: answer(person), times)  # type: ignore[misc]
            shell = _fastest(lambda main=main: bare.render({"text": main}, request), times)  # type: ignore[misc]
            worst = max(worst, whole - shell)
            self.stdout.write(
                f"{person.name}: {len(page.encode()) / 1000:.0f} kB, tailored and rendered in {whole:.1f} ms, a bare page of this size in "
                f"{shell:.1f} ms, beyond it {whole - shell:.1f} ms"
            )
        self.stdout.write(f"worst, ms of processor time beyond a bare page: {worst:.1f} (goal {MOST_MS} or less)")


def _fastest(make: Callable[[], str], times: int) -> float:
    """Milliseconds of processor time of this process; the first time, which also compiles templates, does not count."""
    make()
    taken = []
    for _ in range(max(1, times)):
        start = time.process_time()
        make()
        taken.append(time.process_time() - start)
    return min(taken) * 1000
