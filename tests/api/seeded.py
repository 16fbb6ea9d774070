"""Fill an empty database for tests.api.live, and print as JSON who asks there: how each is known, what they are asked about, and ids that exist."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import django

django.setup()

from allauth.account.internal.flows.login import record_authentication  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import login  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402

from portal.content.publishing import write_edition  # noqa: E402
from portal.models import Fact, GlossaryTerm, Passage, Role, Source, User  # noqa: E402
from portal.tokens import make_token  # noqa: E402
from portal.webhooks import make_webhook  # noqa: E402
from records.actions.reading import perform_waiting  # noqa: E402
from records.models import Document, Finding  # noqa: E402
from tests.api.notes import NOTE  # noqa: E402
from tests.factories import ask_for_review, make_document, make_patient  # noqa: E402

EVERYTHING = "."


def main() -> None:
    for database in ("default", "keys"):
        call_command("migrate", database=database, interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_content", verbosity=0)
    alice = User.objects.create_user(email="alice@example.org", password=None)
    patient = make_patient(alice)
    for number in range(6):
        make_document(patient, NOTE + f"Copy {number}.\n".encode(), name=f"note-{number}.txt")
    perform_waiting()
    review = ask_for_review(patient)
    carol = User.objects.create_user(email="carol@example.org", password=None, role=Role.COORDINATOR)
    ada, ben = (User.objects.create_superuser(email=f"{name}@example.org", password=None) for name in ("ada", "ben"))
    hers = {"document": _ids(Document.objects.all()), "finding": _ids(Finding.objects.all()[:20]), "review": [str(review.pk)]}
    content = {
        "passage": _ids(Passage.objects.all()[:20]), "fact": _ids(Fact.objects.all()[:20]), "source": _ids(Source.objects.all()[:20]),
        "term": _ids(GlossaryTerm.objects.all()[:20]), "change": _changes(ben),
    }  # fmt: skip
    own = {"token": [str(make_token(user=alice, name="Another", scopes=["read"], days=1)[0].pk)],
           "webhook": [str(make_webhook(user=alice, url="https://nobody.invalid/").pk)]}  # fmt: skip
    people = [  # the browser first: a sign-in is fresh for five minutes
        ("patient in a browser", _browser(alice), "/(tokens|webhooks|export)/", own),
        ("patient", _device(alice, "read", "write"), EVERYTHING, hers),
        ("coordinator", _device(carol, "read", "write", "review"), "/(review|findings|documents)/", hers),
        ("editor", _device(ada, "content"), "/content/", content),
    ]
    print(json.dumps(people))


def _ids(rows: Iterable[Any]) -> list[str | int]:
    return [one.pk if isinstance(one.pk, int) else str(one.pk) for one in rows]


def _changes(author: User) -> list[int]:
    """Changes that wait for a second person."""
    changes = []
    for fact in Fact.objects.filter(is_shown=True)[:12]:
        fact.note = "Looked at again."
        changes.append(write_edition(by=author, row=fact, links=list(fact.links())).pk)  # type: ignore[union-attr]
    return changes


def _device(user: User, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {make_token(user=user, name='Tester', scopes=list(scopes), days=1)[1]}"}


def _browser(user: User) -> dict[str, str]:
    """The headers of a browser that signed in just now."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, "password", reauthenticated=True)
    request.session.save()
    token = get_token(request)
    cookies = {settings.SESSION_COOKIE_NAME: request.session.session_key, settings.CSRF_COOKIE_NAME: request.META["CSRF_COOKIE"]}
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "X-CSRFToken": token}


main()
