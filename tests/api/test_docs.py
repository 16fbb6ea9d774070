"""The examples of docs/api.md, run in their order with curl against a live server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from portal.tokens import make_token
from records.actions.reading import perform_waiting
from tests.api.notes import NOTE
from tests.factories import make_patient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")]
PAGE = Path(settings.BASE_DIR) / "docs" / "api.md"
EXAMPLES = re.findall(r"```sh\n(curl .+?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
NO_BODY = ("-X DELETE", "If-None-Match")


def test_the_examples_of_the_page_work_as_they_stand(live_server: Any, alice: Any, tmp_path: Path) -> None:
    call_command("load_content", verbosity=0)
    make_patient(alice)
    (tmp_path / "report.txt").write_bytes(NOTE)
    (tmp_path / "scan.txt").write_bytes(NOTE + b"In pieces.\n")
    token = make_token(user=alice, name="Docs", scopes=["read", "write"], days=1)[1]
    known = {"URL": f"{live_server.url}/api/v1", "TOKEN": token}
    for command in EXAMPLES:
        said = _run(command, known, tmp_path)
        if command.startswith('curl -sS -X POST "$URL/documents/"'):
            known["DOCUMENT"] = said["id"]
            perform_waiting()
        elif command.startswith('curl -sS -X POST "$URL/arrivals/"'):
            known["ARRIVAL"] = said["id"]
        elif "/findings/?" in command:
            known["FINDING"] = said["results"][0]["id"]
        elif "/trials/mine/?" in command:
            known["NCT"] = said["results"][0]["trial"]["nct"]
    assert len(EXAMPLES) > 15
    assert known.keys() >= {"DOCUMENT", "ARRIVAL", "FINDING", "NCT", "ETAG"}


def _run(command: str, known: dict[str, str], folder: Path) -> Any:
    """The JSON that came back. Any answer but 2xx or the promised 304 fails."""
    command = command.replace("curl -sS", r"curl -sS -w '\n%{http_code}'", 1)
    environment = {"PATH": os.environ["PATH"], **known}
    done = subprocess.run(["/bin/sh", "-euc", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=True)
    body, _, code = done.stdout.rpartition("\n")
    assert code in ({"304"} if "If-None-Match" in command else {"200", "201", "204"}), (command, code, body[:400])
    if " -i " in command:
        head, _, body = body.partition("\n\n") if "\r" not in body else body.partition("\r\n\r\n")
        known["ETAG"] = re.search(r"(?im)^etag: (\S+)", head)[1]  # type: ignore[index]
    return None if any(one in command for one in NO_BODY) else json.loads(body)
