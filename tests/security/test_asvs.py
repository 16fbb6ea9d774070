"""The table of docs/security.md is whole, true to the tests, and the one that is made."""

from __future__ import annotations

from tests import asvs


def test_every_requirement_of_level_2_that_applies_has_a_line() -> None:
    rows = [one for chapter in asvs.requirements().values() for one in chapter]
    assert len(rows) == len(set(rows)) == 210 + 1, "210 of level 2 without chapters 9, 10 and 17, and 5.2.4 of level 3"


def test_every_met_names_a_test_that_there_is_and_everything_else_a_reason() -> None:
    tests = asvs.all_tests()
    for rows in asvs.requirements().values():
        for one, (asks, state, said) in rows.items():
            assert asks and state in asvs.STATES, one
            if state == "met":
                assert asvs.shown_by(one, said, tests), f"{one}: no test is marked with it"
                assert not said or said in tests, f"{one}: {said} is gone"
            else:
                assert len(said) > 8, f"{one}: say why"


def test_marks_are_of_requirements_there_are() -> None:
    known = {one for rows in asvs.requirements().values() for one in rows}
    level_3 = {"1.2.10", "6.3.8", "15.2.5", "16.5.4"}
    marked = {one for ids in asvs.all_tests().values() for one in ids}
    assert marked <= known | level_3


def test_the_table_is_the_one_that_is_made() -> None:
    text = asvs.TARGET.read_text(encoding="utf-8")
    assert text == asvs.with_table(text), "python -m tests.asvs"
