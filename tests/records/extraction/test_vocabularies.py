"""The closed word lists: each says where it comes from, and no word means two things."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import personalize.vocabulary
from personalize.vocabulary import load

FILES = sorted(one.stem for one in Path(personalize.vocabulary.__file__).parent.glob("*.toml") if not one.stem.startswith("trial_"))


@pytest.mark.parametrize("name", FILES)
def test_each_list_names_its_source_and_holds_something(name: str) -> None:
    text = (Path(personalize.vocabulary.__file__).parent / f"{name}.toml").read_text(encoding="utf-8")
    assert load(name)
    assert any("source" in line.lower() for line in text.splitlines() if line.startswith("#"))


def test_no_name_stands_for_two_markers() -> None:
    words = [word.strip() for one in load("markers")["marker"] for word in set(one["words"].split(";"))]
    assert [word for word, count in Counter(words).items() if count > 1] == []


def test_no_name_stands_for_two_blood_tests() -> None:
    words = [word.strip() for one in load("labs")["lab"] for word in one["words"].split(";")]
    assert [word for word, count in Counter(words).items() if count > 1] == []


def test_genes_are_a_panels_worth() -> None:
    assert len(load("genes")["genes"]) >= 340
