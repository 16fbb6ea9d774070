"""Translations from TOML: one entry for each part of the content, with a digest of the English that it was made of."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from personalize.content.plain import stable_json
from personalize.content.seed import ContentFault
from personalize.content.translating import KINDS, Translation, Words, parts_of, words_of
from personalize.content.values import Content


def load_translations(folder: Path, content: Content, language: str) -> tuple[Translation, ...]:
    """The entries of the folder whose English is that of `content`; one of older English is left out, and the page shows the English.
    Raises ContentFault where an entry is malformed, comes twice, or is of a part that is not there."""
    english = {(kind, name): words_of(kind, part) for kind, name, part in parts_of(content)}
    made: dict[tuple[str, str], Translation] = {}
    for file, kind, entry in _entries(folder):
        where = f"{file}, {kind} {entry.get('name')}"
        key = (kind, str(entry.get("name")))
        if key not in english or key in made:
            raise ContentFault(f"{where}: {'comes twice' if key in made else 'there is no such part'}")
        if unknown := set(entry) - {"name", "of", "is_checked", *KINDS[kind][1]}:
            raise ContentFault(f"{where}: has no {', '.join(sorted(unknown))}")
        if entry.get("of") == digest(english[key]):
            made[key] = Translation(language, *key, _words(kind, entry), english[key], bool(entry.get("is_checked")))
    return tuple(made.values())


def outdated(folder: Path, content: Content) -> tuple[str, ...]:
    """What was translated from other words than now stand in the content, each with the digest that it would need."""
    english = {(kind, name): words_of(kind, part) for kind, name, part in parts_of(content)}
    found = ((file, kind, entry, digest(english.get((kind, entry["name"]), {}))) for file, kind, entry in _entries(folder))
    return tuple(f"{file}, {kind} {entry['name']}: of = {now}" for file, kind, entry, now in found if entry.get("of") != now)


def digest(english: Words) -> str:
    """8 hexadecimal digits."""
    return hashlib.sha256(stable_json(english).encode()).hexdigest()[:8]


def _entries(folder: Path) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path in sorted(folder.glob("*.toml")):
        try:
            read = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as fault:
            raise ContentFault(f"{path.name}: {fault}") from fault
        for kind, entries in read.items():
            if kind not in KINDS:
                raise ContentFault(f"{path.name}: {kind} is no kind of content")
            yield from ((path.name, kind, one) for one in entries)


def _words(kind: str, entry: Mapping[str, Any]) -> Words:
    read = {name: entry[name] for name in KINDS[kind][1] if name in entry}
    return {name: tuple(said) if isinstance(said, list) else said for name, said in read.items()}
