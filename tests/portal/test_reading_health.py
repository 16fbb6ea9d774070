"""Workers say with what they read, and whoever watches the service sees it."""

from __future__ import annotations

import pytest

from portal import celery, metrics
from records.reading import sandbox, second


@pytest.mark.django_db
@pytest.mark.parametrize("is_installed", [True, False])
def test_health_says_which_limits_hold_and_whether_pages_are_read_twice(is_installed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "is_installed", lambda: is_installed)
    assert "cartguide_reading{" not in metrics.rendered(), "no worker has said anything"
    celery.tell_reading()
    said = metrics.rendered()
    for name, holds in sandbox.sandbox_level().items():
        assert f'cartguide_reading{{with="{name}"}} {int(holds)}' in said
    assert f'cartguide_reading{{with="second_engine"}} {int(is_installed)}' in said
