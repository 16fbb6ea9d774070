"""`manage.py try_files` says what became of a file, and what is no plain end is called wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.management.commands import try_files
from portal.management.commands.try_files import Tried
from records.actions.reading import perform_waiting
from tests.portal.test_bad_files import GOOD


@pytest.fixture
def here(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without workers: what is waited for is done here and now."""

    def wait_for(is_so: Callable[[], bool], seconds: float, every: float) -> bool:
        perform_waiting()
        return is_so()

    monkeypatch.setattr(try_files, "wait_for", wait_for)


@pytest.mark.usefixtures("content", "here")
def test_a_file_is_sent_by_somebody_and_followed_to_its_end() -> None:
    good = try_files._try(1, "good.pdf", GOOD)
    assert (good.outcome, good.codes, good.pages, good.is_right) == ("ready", (), 1, True)
    empty = try_files._try(2, "empty.pdf", b"")
    assert (empty.outcome, empty.codes, empty.is_right) == ("refused", ("empty",), True)
    cut = try_files._try(3, "cut.pdf", GOOD[:700])
    assert (cut.outcome, cut.codes, cut.is_right) == ("failed", ("damaged",), True)


@pytest.mark.usefixtures("content", "here")
def test_an_error_of_ours_on_a_page_about_the_file_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("portal.api.views.profile.ProfileView.get", broken)
    found = try_files._try(1, "good.pdf", GOOD)
    assert found.outcome == "broken"
    assert not found.is_right
    assert "500 /api/v1/profile/" in found.codes


@pytest.mark.parametrize(
    ("outcome", "codes", "seconds"), [("unfinished", (), 90.0), ("failed", (), 1.0), ("failed", ("strange",), 1.0), ("ready", (), 61.0)]
)
def test_what_is_no_plain_end_within_a_minute_is_wrong(outcome: str, codes: tuple[str, ...], seconds: float) -> None:
    assert not Tried("a.pdf", outcome, codes, seconds).is_right


def test_the_places_where_an_archive_might_write_are_watched(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../../tmp/a_file_of_an_archive.txt", "x")
    (tmp_path / "slip.zip").write_bytes(made.getvalue())
    assert Path("/tmp/a_file_of_an_archive.txt") in try_files._watched([tmp_path / "slip.zip"])


@pytest.mark.usefixtures("content", "here")
@pytest.mark.parametrize("name", ['"; rm -rf ~;".pdf', "../../etc/passwd.pdf", "a\r\nSet-Cookie: x=1.pdf"])
def test_a_file_may_be_called_anything(name: str) -> None:
    assert try_files._try(1, name, b"Pancreas, biopsy: ductal adenocarcinoma. KRAS p.G12D.").outcome == "ready"
    assert try_files._plain(name).isprintable()
