"""A hanging file ends within a minute, whatever its opening and its pages take, on any number of workers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.reading.patience import FILE_SECONDS, OPEN_SECONDS, PAGE_SECONDS, Spent, page_seconds


@given(opening=st.floats(0, OPEN_SECONDS), pages=st.integers(1, 500), workers=st.integers(1, 8))
def test_a_file_of_which_no_page_can_be_read_ends_in_time(opening: float, pages: int, workers: int) -> None:
    spent, clock = Spent(opening), opening
    while pages > 0 and (seconds := page_seconds(spent)):
        together = min(workers, pages)  # pages that begin together know nothing of each other
        spent = replace(spent, lost=spent.lost + together * seconds, lost_pages=spent.lost_pages + together)
        clock, pages = clock + seconds, pages - together
    assert clock <= FILE_SECONDS < 60


@pytest.mark.parametrize("read", [1, 20, 499])
def test_pages_that_are_read_cost_nothing(read: int) -> None:
    assert page_seconds(Spent(opening=3, read_pages=read)) == PAGE_SECONDS
    assert page_seconds(Spent(opening=3, lost=200, lost_pages=read - 1, read_pages=read)) > 0
