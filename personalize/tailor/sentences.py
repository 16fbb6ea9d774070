"""From a line of the draft to the sentence on the page: words put in, sources numbered, the reason and the state said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from personalize.content import FACT_SLOT, Content, FactStatement, Passage, Sensitivity, Volatility, strongest
from personalize.profile import Conflict, EvidenceRef, FactState, PatientProfile
from personalize.tailor.draft import Line
from personalize.tailor.freshness import RecordFact, record_facts
from personalize.tailor.languages import Language, language
from personalize.tailor.values import Citation, TailoredSentence
from personalize.tailor.voice import for_caregiver
from personalize.tailor.words import fill

DAYS_BETWEEN_CHECKS = 120
SITE_SOURCE = "SITE"
# Reasons that stand alone begin with the first; those about what was not found with one of the others.
BECAUSE = ("Because", "Porque")
ABSENCES = ("Because we found no", "Because we did not find", "Porque no encontramos")
_DATED = re.compile(r"\d{4}")


@dataclass(slots=True)
class SentenceMaker:
    """Makes the sentences of one page; sources are numbered in the order in which the page first needs them. own: the language of the page."""

    content: Content
    profile: PatientProfile
    today: date
    conflicts: Sequence[Conflict] = ()
    citations: dict[str, Citation] = field(default_factory=dict)
    own: Language = field(init=False)
    _records: dict[EvidenceRef, RecordFact] = field(init=False)

    def __post_init__(self) -> None:
        self.own = language(self.content.language)
        self._records = {ref: one for one in record_facts(self.profile) for ref in one.proof.evidence}

    def sentence(self, line: Line) -> TailoredSentence | None:
        """None for a passage made of a fact that is not to be shown yet."""
        facts = [self.content.facts_by_id[one] for one in line.passage.fact_ids]
        if any(not one.is_shown for one in facts):
            return None
        stale = [one for one in facts if self._is_stale(one)]
        records = self._records_behind(line)
        volatile = [one for one in facts if one.volatility is Volatility.HIGH]
        sensitivity = self._sensitivity(line.passage)
        spoken = self.own if stale else language(line.passage.language)
        reason, reason_language = self._reason(line)
        return TailoredSentence(
            passage_id=line.passage.id,
            section=line.passage.section,
            text=self.words(_taken_down(stale[0], self.own) if stale else line.passage.text, spoken),
            change=line.change,
            sources=self._cited(facts, line),
            row_id=line.cause.row if line.cause else None,
            reason=reason,
            evidence=self._evidence(line),
            state=self._state(line, records),
            check=records[0].proof.check if records else None,
            caution=self.own.say("misread") if any(one.proof.is_poorly_read for one in records) else "",
            heading=self.said(line.passage.heading, spoken),
            clinical_text=self._filled(line.passage.clinical_text, spoken),
            is_prognosis=sensitivity is Sensitivity.PROGNOSIS,
            is_toxicity=sensitivity is Sensitivity.TOXICITY,
            is_dated=bool(volatile),
            is_taken_down=bool(stale),
            as_of=max((one.as_of for one in volatile or facts if _DATED.match(one.as_of)), default=""),
            region=next((one.region for one in facts if one.region != "any"), "any"),
            populations=tuple(dict.fromkeys(one.population for one in facts if one.population)),
            replaces=self._filled(line.replaces.text, language(line.replaces.language)) if line.replaces else "",
            language=spoken.code,
            reason_language=reason_language,
        )

    def words(self, text: str, spoken: Language) -> str:
        """A template with everything put in. spoken: the language it is written in."""
        return self.said(self._filled(text, spoken), spoken)

    def _filled(self, text: str, spoken: Language) -> str:
        return fill(text, self.content.statements, self.profile, today=self.today, language=spoken, conflicts=self.conflicts)

    def said(self, text: str, spoken: Language) -> str:
        """To the patient as it is written; to somebody who cares for the patient, about "them"."""
        return for_caregiver(text, spoken.code) if self.profile.is_reader_caregiver else text

    def _sensitivity(self, passage: Passage) -> Sensitivity:
        if passage.sensitivity is not None:
            return passage.sensitivity
        return strongest({self.content.facts_by_id[one].sensitivity for one in FACT_SLOT.findall(passage.text)})

    def _is_stale(self, fact: FactStatement) -> bool:
        limit = self.today - timedelta(days=DAYS_BETWEEN_CHECKS)
        return fact.volatility is Volatility.HIGH and (fact.checked_on is None or fact.checked_on < limit)

    def _cited(self, facts: Sequence[FactStatement], line: Line) -> tuple[Citation, ...]:
        keys = list(dict.fromkeys(key for one in facts for key in one.source_keys))
        return tuple(self._citation(key) for key in keys or ([SITE_SOURCE] if line.cause else []))

    def _citation(self, key: str) -> Citation:
        if key not in self.citations:
            source = self.content.source(key)
            number = len(self.citations) + 1
            self.citations[key] = Citation(number, key, source.title, source.publisher, source.year, source.url)
        return self.citations[key]

    def _evidence(self, line: Line) -> tuple[EvidenceRef, ...]:
        """The words that settle the row; where records disagree, those of the other side too. What was not found stands on no page."""
        evidence = line.outcome.evidence if line.cause and line.outcome and not _is_about_absence(line) else ()
        others = (ref for one in self.conflicts if set(one.evidence) & set(evidence) for ref in one.evidence)
        return tuple(dict.fromkeys((*evidence, *others)))

    def _records_behind(self, line: Line) -> list[RecordFact]:
        evidence = line.outcome.evidence if line.cause and line.outcome and not _is_about_absence(line) else ()
        found = [self._records[ref] for ref in evidence if ref in self._records]
        return list({id(one.value): one for one in found}.values())

    def _state(self, line: Line, records: Sequence[RecordFact]) -> FactState | None:
        if line.cause is None:
            return None
        states = [one.state(self.today) for one in records]
        for state in (FactState.CONFLICTING, FactState.OUT_OF_DATE):
            if state in states:
                return state
        return FactState.NOT_FOUND if _is_about_absence(line) else FactState.FOUND

    def _reason(self, line: Line) -> tuple[str | None, str]:
        """Why, and the language of it: that of the row's own words, else that of the page."""
        if line.cause is None or line.outcome is None:
            return None, self.own.code
        spoken = language(line.cause.language) if line.cause.reason else self.own
        template = line.cause.reason or spoken.because(line.outcome.reason)
        said = self._filled(template, spoken).strip().rstrip(".")
        if not said.startswith(BECAUSE):
            said = spoken.say("because", place=_place(line.outcome.evidence, spoken), said=said)
        return self.said(said + ".", spoken), spoken.code


def _is_about_absence(line: Line) -> bool:
    return line.cause is not None and line.cause.reason.startswith(ABSENCES)


def _place(evidence: Sequence[EvidenceRef], spoken: Language) -> str:
    """Where it is written: 'your record (report.pdf, page 2) says'; without a place, the person told us."""
    if not evidence:
        return spoken.say("you_told_us")
    first = evidence[0]
    if not first.file:
        return spoken.say("record")
    key = "record_page" if first.page else "record_file"
    return spoken.say(key, file=first.file, page=first.page)


def _taken_down(fact: FactStatement, spoken: Language) -> str:
    when = spoken.say("last_checked", day=spoken.day(fact.checked_on)) if fact.checked_on else spoken.say("not_checked")
    return spoken.say("taken_down", when=when)
