"""What a process keeps of the answers it made: the same for the same, nothing for long, never too much; and made-up trials to measure with."""

from __future__ import annotations

import threading
import time

import pytest

from portal.management.bench.measured import Timed
from portal.management.bench.trials import make_trials
from portal.remembered import Remembered
from portal.trials import current_trials


def kept(weight: int = 10, seconds: float = 60) -> Remembered[str]:
    return Remembered(weight=weight, seconds=seconds, weigh=len)


def test_the_same_is_made_once_and_another_anew() -> None:
    one, made = kept(), iter("abc")
    assert [one.get("x", lambda: next(made)), one.get("x", lambda: next(made)), one.get("y", lambda: next(made))] == ["a", "a", "b"]
    one.clear()
    assert one.get("x", lambda: next(made)) == "c"


def test_what_is_old_or_too_much_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    one = kept(weight=6)
    for name in ("aaa", "bbb", "ccc"):
        one.get(name, lambda name=name: name)
    assert [one.get(name, lambda: "new") for name in ("ccc", "bbb", "aaa")] == ["ccc", "bbb", "new"]
    now = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert one.get("ccc", lambda: "newer") == "newer"


def test_who_asks_while_it_is_made_waits_for_it() -> None:
    one, made, is_asked = kept(), [], threading.Event()

    def slow() -> str:
        made.append(1)
        assert is_asked.wait(10)
        return "one"

    found: list[str] = []
    first, second = (threading.Thread(target=lambda: found.append(one.get("x", slow))) for _ in range(2))
    first.start()
    second.start()
    is_asked.set()
    first.join(10)
    second.join(10)
    assert (found, made) == (["one", "one"], [1])


def test_what_breaks_is_not_kept() -> None:
    one = kept()
    with pytest.raises(ZeroDivisionError):
        one.get("x", lambda: str(1 / 0))
    assert one.get("x", lambda: "well") == "well"


@pytest.mark.django_db
def test_made_up_trials_are_trials_like_others() -> None:
    make_trials(5)
    trials = current_trials()
    assert len({one.nct for one in trials}) == 5
    assert all(len(one.criteria) == 11 and one.criteria[0].rule is not None and one.places for one in trials)


def test_a_share_of_the_times() -> None:
    one = Timed("/", tuple(float(number) for number in range(100, 0, -1)), 2)
    assert (one.at(0.5), one.at(0.95), one.at(1.0)) == (51.0, 96.0, 100.0)
