"""Rules about the code itself, for mistakes that no test of a page would find."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("portal", "records", "personalize")
# How often text is marked as safe where: a constant, text escaped in the same line, or parts that were escaped each.
MARKED_SAFE = {"portal/templatetags/site.py": 6, "portal/presenters/answers.py": 2, "portal/presenters/glossary.py": 2,
               "portal/presenters/phrasing.py": 2}  # fmt: skip
# `random` for what guards nothing: how long to wait before asking again, which trials to measure.
NO_GUARD = {"portal/trials/registry.py", "portal/management/bench/trials.py"}
# Statements with names put in: each name comes from the database's own catalogue or is one of a few in the code.
NAMES_IN_SQL = {"portal/backup.py", "records/migrations/0002_written_once.py"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def places(*names: str) -> set[tuple[str, int]]:
    return {(path, call.lineno) for path, tree in sources() for name, call in calls(tree) if name in names}


@pytest.mark.asvs("1.2.1", "3.2.2")
def test_nothing_is_marked_safe_but_what_was_looked_at() -> None:
    found = Counter(path for path, _ in places("mark_safe", "SafeString", "SafeText"))
    assert found == MARKED_SAFE, "look at the new one: is every part of it constant or escaped?"


@pytest.mark.asvs("1.1.2", "1.2.1", "3.2.2")
def test_no_template_of_a_page_switches_escaping_off() -> None:
    wrong = []
    for path in [*(ROOT / "templates").rglob("*"), *(ROOT / "portal").rglob("*.html")]:
        if path.is_file() and path.suffix in (".html", ".svg", ".xml"):
            wrong += [str(path)] * bool(re.search(r"\|\s*safe\b|safeseq|autoescape off", path.read_text(encoding="utf-8")))
    assert wrong == []


@pytest.mark.asvs("1.2.4")
def test_no_statement_of_sql_is_put_together_from_words() -> None:
    """Only constants go to execute(), extra() and raw(); values go beside them."""
    wrong = set()
    for path, tree in sources():
        for name, call in calls(tree):
            if name in ("execute", "executemany", "raw", "extra", "RawSQL", "copy") and call.args:
                is_put_together = isinstance(call.args[0], ast.JoinedStr | ast.BinOp) or (
                    isinstance(call.args[0], ast.Call) and getattr(call.args[0].func, "attr", "") == "format"
                )
                if is_put_together:
                    wrong.add(path)
    assert wrong <= NAMES_IN_SQL


@pytest.mark.asvs("1.3.2", "1.5.2", "15.2.5")
@pytest.mark.parametrize("names", [("eval", "exec", "compile"), ("loads_pickle", "Unpickler"), ("system", "popen", "getoutput")])
def test_no_code_is_made_of_text(names: tuple[str, ...]) -> None:
    found = {
        (path, call.lineno)
        for path, tree in sources()
        for name, call in calls(tree)
        if (name in names and not isinstance(call.func, ast.Attribute)) or (name in ("system", "popen", "getoutput") and name in names)
    }
    assert found == set()


@pytest.mark.asvs("1.5.2", "1.2.5")
def test_nothing_unpickles_and_no_shell_is_asked() -> None:
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                assert not {"pickle", "marshal", "shelve", "dill"} & set(module), path
        for _, call in calls(tree):
            shell = [one.value for one in call.keywords if one.arg == "shell"]
            assert not any(isinstance(one, ast.Constant) and one.value for one in shell), path


@pytest.mark.asvs("16.2.5")
def test_nothing_is_printed_and_no_log_line_is_put_together() -> None:
    """print goes where no list of fields is kept; an f-string in a log would carry words past the list."""
    for path, tree in sources():
        for name, call in calls(tree):
            assert name != "print" or "/management/" in path, f"{path}:{call.lineno}"
            is_log = name in ("debug", "info", "warning", "error", "exception", "critical") and isinstance(call.func, ast.Attribute)
            if is_log and getattr(call.func.value, "id", "") in ("log", "logger", "logging"):
                assert isinstance(call.args[0], ast.Constant), f"{path}:{call.lineno}"
                assert name != "exception", f"{path}:{call.lineno}: its words may be a patient's"


@pytest.mark.asvs("3.5.1")
def test_no_view_is_excused_from_the_check_of_origin() -> None:
    assert places("csrf_exempt") == set()
    for path, tree in sources():
        assert "csrf_exempt" not in {getattr(one, "id", "") for one in ast.walk(tree)}, path


@pytest.mark.asvs("11.5.1")
def test_chance_that_guards_something_is_the_machines() -> None:
    """`random` can be foretold: secrets and os.urandom make what must not be."""
    wrong = {
        path
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import) and "random" in {n.name for n in node.names}
    }
    assert wrong <= NO_GUARD


@pytest.mark.asvs("11.4.1", "11.3.1", "11.3.2")
def test_no_weak_hash_and_no_weak_cipher() -> None:
    found = {path for path, _ in places("md5", "sha1", "ECB", "ARC4", "TripleDES", "Blowfish")}
    assert found == {"portal/passwords.py"}, "where lists of breached passwords are looked up, which are made with it"


@pytest.mark.asvs("16.5.3")
def test_what_is_done_after_a_commit_can_fail_alone() -> None:
    """Django names a robust callback that failed; a partial has no name, and its failure would become that of the request."""
    for path, tree in sources():
        for name, call in calls(tree):
            assert name != "on_commit" or not isinstance(call.args[0], ast.Call), f"{path}:{call.lineno}"


def test_pages_and_api_ask_no_table() -> None:
    """Rows come through records.scope or a module of the portal that says what it reads: a door that is forgotten is one in a view."""
    for path, tree in sources():
        if path.startswith(("portal/views/", "portal/api/", "portal/presenters/", "portal/templatetags/")):
            asked = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "objects"]
            assert asked == [], path
