"""The Spanish catalogue: every sentence that patients may read is found in the code, and must stand in it.

`python -m tests.catalogue` adds what is new to portal/locale, drops what is gone and writes the .mo file, which is kept beside it so that
nobody who runs the site needs a program of gettext. Templates are read by Django's own parser, Python by its own.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import django
import polib
from django.template import Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

HERE = Path(__file__).resolve().parent.parent
SPANISH = HERE / "portal" / "locale" / "es" / "LC_MESSAGES" / "django.po"
# What only coordinators, administrators and developers see stays English.
STAFF_TEMPLATES = ("admin", "review", "support")
STAFF_FOLDERS = ("admin", "management", "migrations")
STAFF_MODULES = ("bench", "bench_add", "bench_beside", "bench_queue", "marking", "review", "support", "trial_trace")
# Words of allauth that its own Spanish says to a friend, not to "usted".
OF_LIBRARIES = (
    "Be patient, you are sending too many requests.",
    "Please select only one.",
    "Use authenticator app or code",
    "You cannot generate recovery codes without having two-factor authentication enabled.",
)
_ONE, _TWO = ("_", "gettext", "gettext_lazy", "gettext_noop"), ("ngettext", "ngettext_lazy")


class Sentence(NamedTuple):
    """plural "": it has none."""

    said: str
    plural: str = ""


def patient_templates() -> list[Path]:
    folder = HERE / "templates"
    return [one for one in sorted(folder.rglob("*.*")) if one.relative_to(folder).parts[0] not in STAFF_TEMPLATES]


def patient_code() -> list[Path]:
    found = (one for part in ("portal", "records") for one in sorted((HERE / part).rglob("*.py")))
    return [one for one in found if one.stem not in STAFF_MODULES and not set(STAFF_FOLDERS) & set(one.relative_to(HERE).parts)]


def in_template(text: str) -> Iterator[Sentence]:
    nodes = Template(text).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        yield Sentence(node.filter_expression.var.literal.replace("%", "%%"))
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        yield Sentence(node.render_token_list(node.singular)[0], node.render_token_list(node.plural)[0] if node.plural else "")


def in_code(text: str) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            said = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if node.func.id in _ONE and said:
                yield Sentence(said[0])
            elif node.func.id in _TWO and len(said) == 2:
                yield Sentence(*said)


def in_tables() -> Iterator[Sentence]:
    """Words that stand in code which knows no language."""
    from records.exceptions import REASONS

    for words in (*REASONS.values(), OF_LIBRARIES):
        yield from map(Sentence, words)


def needed() -> dict[str, Sentence]:
    """Everything that must be said in Spanish too, in the order of the code."""
    found: dict[str, Sentence] = {}
    for path in patient_templates():
        for one in in_template(path.read_text(encoding="utf-8")):
            found.setdefault(one.said, one)
    for path in patient_code():
        text = path.read_text(encoding="utf-8")
        for one in in_code(text) if "gettext" in text else ():
            found[one.said] = max(one, found.get(one.said, one))
    for one in in_tables():
        found.setdefault(one.said, one)
    return found


def spanish() -> dict[str, polib.POEntry]:
    return {one.msgid: one for one in polib.pofile(str(SPANISH))}


def bring_in_step() -> list[str]:
    """Writes both files; returns what has no Spanish words yet."""
    old = spanish() if SPANISH.exists() else {}
    made = polib.POFile(wrapwidth=0)
    made.metadata = {
        "Language": "es",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for one in sorted(needed().values()):
        entry = old.get(one.said) or polib.POEntry(msgid=one.said)
        entry.msgid_plural = one.plural
        if one.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        made.append(entry)
    SPANISH.parent.mkdir(parents=True, exist_ok=True)
    made.save(str(SPANISH))
    made.save_as_mofile(str(SPANISH.with_suffix(".mo")))
    return [one.msgid for one in made.untranslated_entries()]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    for said in bring_in_step():
        print(f"not in Spanish yet: {said!r}")
