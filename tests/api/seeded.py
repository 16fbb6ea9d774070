"""Fill an empty database for tests.api.live, and print the token of its person: a patient with a record that was read."""

from __future__ import annotations

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from portal.models import User  # noqa: E402
from portal.tokens import make_token  # noqa: E402
from records.actions.reading import perform_waiting  # noqa: E402
from tests.api.notes import NOTE  # noqa: E402
from tests.factories import ask_for_review, make_document, make_patient  # noqa: E402


def main() -> None:
    for database in ("default", "keys"):
        call_command("migrate", database=database, interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_content", verbosity=0)
    person = User.objects.create_user(email="alice@example.org", password=None)
    patient = make_patient(person)
    for number in range(3):
        make_document(patient, NOTE + f"Copy {number}.\n".encode(), name=f"note-{number}.txt")
    perform_waiting()
    ask_for_review(patient)
    print(make_token(user=person, name="Tester", scopes=["read", "write", "review"], days=1)[1])


main()
