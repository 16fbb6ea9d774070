"""Cohorts, arms, parts and phases that a rule binds."""

from __future__ import annotations

import re

_LABEL = r"-?(?:\d{1,2}[a-z]?|[a-h]\d?|[ivx]{1,4})"
_NAMED = re.compile(
    rf"(?:for |in )?(?:the )?(?P<word>cohorts?|arms?|parts?|groups?|phases?|stratum|strata|sub[- ]?stud(?:y"
    rf"|ies))\s+(?P<labels>{_LABEL}(?:\s?(?:,|and|or|&|-|to|/|through)+\s?(?:{_LABEL})\b)*)"
    r"(?P<rest>(?: ?\([^)]{0,60}\))?(?: (?:only|subjects?|patients?|participants?|specific|(?:inclusion |exclusion "
    r"|eligibility )?criteria|monotherapy|dose[- ]?\w*"
    r"|expansion|escalation|arm [\w]+)){0,6})\s*(?P<end>[:,.-]|$)"
)
_HEADING_WORDS = re.compile(
    rf"(?:cohort|arm|part|group|phase|stratum|sub[- ]?study)s?\s+{_LABEL}\b|(?:dose )?(?:escalation|expansion) (?:phase|part|cohort)"
)
_NAMES = ("cohort", "arm", "part", "group", "phase", "strat", "escalation", "expansion", "study", "studies")
_SPLIT = re.compile(r"\s?(?:,|and|or|&|/)+\s?")
_RANGE = re.compile(r"(\d{1,2})\s?(?:-|to|through)\s?(\d{1,2})")


def cohorts_of(words: str) -> tuple[str, ...]:
    """The cohorts named at the start of a plain sentence ("cohorts 1-3 and -1: ..."), by word and label; empty where none is."""
    found = _NAMED.match(words)
    if not found or (found["end"] in ("", ",", "-", ".") and not found["rest"] and found.end() < len(words)):
        return ()
    word = found["word"].rstrip("s")
    labels: list[str] = []
    for part in _SPLIT.split(found["labels"]):
        span = _RANGE.fullmatch(part.strip())
        if span:
            labels += [str(one) for one in range(int(span[1]), int(span[2]) + 1)]
        elif part.strip():
            labels.append(part.strip())
    return tuple(f"{word} {one}" for one in labels)


def is_cohort_heading(words: str) -> bool:
    """A line that only names a cohort."""
    if len(words) >= 90 or not any(map(words.__contains__, _NAMES)):
        return False
    return bool(_HEADING_WORDS.search(words)) and bool(cohorts_of(words)) and (words.endswith(":") or len(words) < 60)
