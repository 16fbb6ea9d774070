"""docs/security.md from docs/asvs.toml and the marks on tests: python -m tests.asvs."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE, TARGET = ROOT / "docs/asvs.toml", ROOT / "docs/security.md"
BEGIN = "<!-- made by python -m tests.asvs -->"
STATES = {
    "met": "met, a test shows it",
    "built": "met by how it is built",
    "operator": "the operator's",
    "open": "not met",
    "absent": "nothing it could apply to",
}
Requirements = dict[str, tuple[str, str, str]]


def requirements() -> dict[str, Requirements]:
    """Chapter -> id -> what it asks, state, and a test or a reason."""
    chapters = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return {name: {one: (row[0], row[1], row[2]) for one, row in rows.items()} for name, rows in chapters.items()}


def tests_of(path: Path) -> dict[str, set[str]]:
    """The functions of one file that are tests, each with the ids it is marked with."""
    found: dict[str, set[str]] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            marks = [one for one in node.decorator_list if isinstance(one, ast.Call) and getattr(one.func, "attr", "") == "asvs"]
            found[node.name] = {str(one.value) for mark in marks for one in mark.args if isinstance(one, ast.Constant)}
    return found


def all_tests() -> dict[str, set[str]]:
    """ "tests/a/test_b.py::test_c" -> the ids it is marked with."""
    return {
        f"{path.relative_to(ROOT)}::{name}": ids
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for name, ids in tests_of(path).items()
    }


def shown_by(one: str, named: str, tests: dict[str, set[str]]) -> list[str]:
    """The tests that show a requirement to be met: those marked with it, and the one that the table names."""
    return [test for test, ids in tests.items() if one in ids or test == named]


def rendered() -> str:
    tests, lines, counted = all_tests(), [BEGIN], Counter[str]()
    for chapter, rows in requirements().items():
        lines += [
            "",
            f"### {chapter.replace('_', ' ').capitalize()}",
            "",
            "| | what it asks | | where, which test, or why not |",
            "|---|---|---|---|",
        ]
        for one, (asks, state, said) in rows.items():
            counted[state] += 1
            where = ", ".join(f"`{test.removeprefix('tests/')}`" for test in shown_by(one, said, tests)) if state == "met" else said
            lines.append(f"| {one} | {asks} | {state} | {where} |")
    summary = [f"| {state} | {about} | {counted[state]} |" for state, about in STATES.items()]
    return "\n".join([*lines[:1], "", "| state | | how many |", "|---|---|---|", *summary, *lines[1:]]) + "\n"


def with_table(text: str) -> str:
    return text.partition(BEGIN)[0] + rendered()


if __name__ == "__main__":
    TARGET.write_text(with_table(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
