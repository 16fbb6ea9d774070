"""Content from TOML: sources, facts, glossary, answers with their sections and tailoring rows. The only reading personalize does is of
the folder it is given; every mistake in it is a ContentFault that names the file and the entry."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from personalize.content.kinds import Directive, Gap, Placement, RowGroup, Sensitivity, Volatility
from personalize.content.values import (
    Answer,
    Content,
    Disagreement,
    FactStatement,
    FixedText,
    GlossaryTerm,
    Guideline,
    Passage,
    Section,
    Service,
    Source,
)
from personalize.criteria import Criterion, decode

Toml = Mapping[str, Any]
FACT_SLOT = re.compile(r"\{([A-Z][A-Z0-9-]*-\d{2})\}")


class ContentFault(ValueError):
    """The content folder is not what it should be. The text names the file and the entry, for an editor."""


def load_seed(folder: Path) -> Content:
    """The content of a folder of TOML files. Raises ContentFault where an entry is malformed or points to nothing."""
    content = Content(
        sources=tuple(_source(one) for one in _entries(folder, "sources.toml", "source")),
        facts=tuple(_fact(one) for one in _entries(folder, "facts.toml", "fact")),
        glossary=tuple(_term(one) for one in _entries(folder, "glossary.toml", "term")),
        answers=tuple(load_answer(path) for path in sorted((folder / "answers").glob("*.toml"))),
        guidelines=tuple(Guideline(**_with_year(one)) for one in _entries(folder, "guidelines.toml", "guideline")),
        services=tuple(_service(one) for one in _entries(folder, "services.toml", "service")),
        fixed_texts=tuple(_fixed(one) for one in _entries(folder, "fixed.toml", "text")),
        disagreements=tuple(_disagreement(one) for one in _entries(folder, "disagreements.toml", "disagreement")),
    )
    check_links(content)
    return content.in_order()


def load_answer(path: Path) -> Answer:
    """One answer from its file: its own words, then its sections in order."""
    made = _read(path)
    try:
        return Answer(
            slug=made["slug"],
            title=made["title"],
            sections=tuple(_section(one) for one in _with_rows(made)),
            codes=tuple(made.get("codes", ())),
            names=tuple(made.get("names", ())),
            min_age=made.get("min_age"),
            max_age=made.get("max_age"),
            main_point=made.get("main_point", ""),
            disease=made.get("disease", ""),
            is_shared=made.get("is_shared", False),
            is_solid=made.get("is_solid", True),
            order=made.get("order", 0),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise ContentFault(f"{path.name}: {type(fault).__name__}: {fault}") from fault


def _with_rows(made: Toml) -> Sequence[Toml]:
    """The sections with the passages of the file's rows in them. A row says once what its passages share: id, group, when, reason, only_for.

    Its passages are named tm-34-1, tm-34-2, ...; what to say while it is unknown goes with the first of them.
    """
    sections: list[dict[str, Any]] = [{**one, "passage": list(one.get("passage", ()))} for one in made.get("section", ())]
    by_id = {one["id"]: one for one in sections}
    for row in made.get("row", ()):
        shared = {key: row[key] for key in ("when", "reason", "group", "only_for") if key in row}
        shared = {"group": made.get("group"), **shared, "row": row["id"]}
        for number, passage in enumerate(row.get("passage", ()), 1):
            named = {"id": f"{row['id'].lower()}-{number}", "order": _row_order(row["id"], number)}
            once = {key: row[key] for key in ("if_unknown", "unlocks", "directives") if key in row and number == 1}
            by_id[passage["section"]]["passage"].append({**named, **shared, **once, **passage})
    return sections


def _row_order(row: str, number: int) -> int:
    """Rows take effect in the order of the matrix, their passages as they are written."""
    return 2000 + 20 * int(row.split("-")[1]) + number


def check_links(content: Content) -> None:
    """Raises ContentFault where a passage, term or fact points to a fact or source that is not there, or an id comes twice."""
    facts, sources = {one.id for one in content.facts}, {one.key for one in content.sources}
    _check_unique("fact", [one.id for one in content.facts])
    _check_unique("source", [one.key for one in content.sources])
    _check_unique("answer", [one.slug for one in content.answers])
    for fact in content.facts:
        _check_known(f"fact {fact.id}", fact.source_keys, sources)
    for term in content.glossary:
        _check_known(f"term {term.term}", term.fact_ids, facts)
    for answer in content.answers:
        _check_unique(f"passage of {answer.slug}", [one.id for one in answer.passages()])
        for passage in answer.passages():
            _check_known(f"{answer.slug}, {passage.id}", passage.fact_ids, facts)


def _check_known(where: str, wanted: tuple[str, ...], known: set[str]) -> None:
    missing = [one for one in wanted if one not in known]
    if missing:
        raise ContentFault(f"{where}: points to {', '.join(missing)}, which is not there")


def _check_unique(what: str, ids: list[str]) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ContentFault(f"{what}: more than one {', '.join(twice)}")


def _section(made: Toml) -> Section:
    """`facts` is short for one passage a fact, in that order, before or between the passages spelled out (by `order`)."""
    short = [Passage(id=fact, section=made["id"], text=f"{{{fact}}}", fact_ids=(fact,)) for fact in made.get("facts", ())]
    ordered = [replace(one, order=10 * number) for number, one in enumerate(short, 1)]
    spelled = [_passage(one, made["id"]) for one in made.get("passage", ())]
    passages = sorted((*ordered, *spelled), key=lambda one: one.order)
    return Section(id=made["id"], title=made["title"], passages=tuple(passages))


def _passage(made: Toml, section: str) -> Passage:
    text = made.get("text", "").strip()
    embedded = FACT_SLOT.findall(text)
    return Passage(
        id=made["id"],
        section=section,
        text=text,
        fact_ids=tuple(dict.fromkeys((*embedded, *made.get("facts", ())))),
        placement=Placement(made.get("placement", "body")),
        anchors=tuple(made.get("anchors", ())),
        condition=_condition(made.get("when")),
        reason=made.get("reason", ""),
        row=made.get("row"),
        only_for=tuple(made.get("only_for", ())),
        group=RowGroup(made["group"]) if "group" in made else None,
        if_unknown=made.get("if_unknown", ""),
        unlocks=Gap(made["unlocks"]) if "unlocks" in made else None,
        directives=tuple(Directive(one) for one in made.get("directives", ())),
        order=made.get("order", 1000),
        sensitivity=Sensitivity(made["sensitivity"]) if "sensitivity" in made else None,
        clinical_text=made.get("clinical", ""),
        heading=made.get("heading", ""),
    )


def _condition(made: Toml | None) -> Criterion | None:
    return decode(made) if made else None


def _source(made: Toml) -> Source:
    return Source(**_with_year(made))


def _fact(made: Toml) -> FactStatement:
    return FactStatement(
        id=made["id"],
        statement=made["statement"],
        source_keys=tuple(made["sources"]),
        population=made.get("population", ""),
        as_of=made.get("as_of", ""),
        volatility=Volatility(made.get("volatility", "low")),
        sensitivity=Sensitivity(made.get("sensitivity", "none")),
        region=made.get("region", "any"),
        numbers=json.dumps(json.loads(made.get("numbers", "{}")), sort_keys=True, ensure_ascii=False),
        checked_on=made.get("checked_on"),
        is_shown=made.get("is_shown", True),
        note=made.get("note", ""),
    )


def _term(made: Toml) -> GlossaryTerm:
    return GlossaryTerm(made["term"], made["definition"], tuple(made.get("aliases", ())), tuple(made.get("facts", ())))


def _service(made: Toml) -> Service:
    return Service(**{**made, "cancers": tuple(made.get("cancers", ()))})


def _fixed(made: Toml) -> FixedText:
    return FixedText(made["id"], made["title"], tuple(made["lines"]))


def _disagreement(made: Toml) -> Disagreement:
    return Disagreement(made["id"], made["about"], made["text"], tuple(made.get("facts", ())))


def _with_year(made: Toml) -> dict[str, Any]:
    return {"year": None, **made}


def _entries(folder: Path, name: str, key: str) -> list[Any]:
    path = folder / name
    return list(_read(path).get(key, ())) if path.exists() else []


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise ContentFault(f"{path.name}: {fault}") from fault
