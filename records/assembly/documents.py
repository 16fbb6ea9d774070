"""What each file of a patient is: read, a duplicate, another person's, not medical. Facts of the last two never enter the profile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from personalize.profile import PartialDate
from personalize.vocabulary import Lexicon, load


class DocumentOutcome(StrEnum):
    """As in the command contract, section 2; a code of records.exceptions (locked, blank, damaged, ...) stands for itself."""

    READ = "read"
    DUPLICATE = "duplicate"
    OTHER_PERSON = "other_person"
    NOT_MEDICAL = "not_medical"


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One file as read. sha256 of its bytes. error: a code of records.exceptions where it could not be read. patient_name and
    birth_date as printed in it (birth_date ISO). text: all pages. finding_count: how many facts were found."""

    file: str
    sha256: str = ""
    error: str | None = None
    patient_name: str | None = None
    birth_date: str | None = None
    text: str = ""
    finding_count: int = 0


def judge_documents(documents: Sequence[ReadDocument], *, patient_name: str | None = None, birth_date: str | None = None) -> dict[str, str]:
    """File → outcome. patient_name and birth_date: the account's, where known; else what most files agree on decides whose they are."""
    outcomes: dict[str, str] = {}
    seen: set[str] = set()
    readable: list[ReadDocument] = []
    for one in documents:
        if one.error:
            outcomes[one.file] = one.error
        elif one.sha256 and one.sha256 in seen:
            outcomes[one.file] = DocumentOutcome.DUPLICATE.value
        elif not is_medical(one):
            outcomes[one.file] = DocumentOutcome.NOT_MEDICAL.value
        else:
            readable.append(one)
        seen.add(one.sha256)
    name, birth = owner_of(readable, patient_name, birth_date)
    for one in readable:
        is_mine = belongs_to(one, name, birth)
        outcomes[one.file] = DocumentOutcome.READ.value if is_mine else DocumentOutcome.OTHER_PERSON.value
    return outcomes


def owner_of(documents: Iterable[ReadDocument], name: str | None, birth: str | None) -> tuple[str | None, str | None]:
    """The name and birth date that most files carry; a pair that stands together in one file wins over a mixture."""
    if name or birth:
        return name, birth
    people: Counter[tuple[frozenset[str], str | None]] = Counter()
    for one in documents:
        words = name_words(one.patient_name)
        if words or one.birth_date:
            people[(words, one.birth_date)] += 2 if words and one.birth_date else 1
    if not people:
        return None, None
    totals = {person: sum(count for other, count in people.items() if _is_one_person(person, other)) for person in people}
    words, birth = max(totals, key=lambda person: (totals[person], bool(person[0]) + bool(person[1]), people[person], sorted(person[0])))
    return " ".join(sorted(words)) or None, birth


def _is_one_person(one: tuple[frozenset[str], str | None], other: tuple[frozenset[str], str | None]) -> bool:
    return not _are_names_apart(one[0], other[0]) and not _are_births_apart(one[1], other[1])


def belongs_to(document: ReadDocument, patient_name: str | None, birth_date: str | None) -> bool:
    """Is the file the patient's? Another birth date, or another given name, makes it somebody else's; silence does not.

    One misread digit of the birth date is forgiven where the name is the same, one misread letter where the birth date is.
    """
    mine, theirs = name_words(patient_name), name_words(document.patient_name)
    if birth_date and document.birth_date and birth_date == document.birth_date:
        return not _are_names_apart(mine, theirs) or not mine & theirs or _is_close_name(mine, theirs)
    if _are_births_apart(birth_date, document.birth_date):
        return bool(mine) and mine == theirs and _differing(birth_date or "", document.birth_date or "") <= 1
    return not _are_names_apart(mine, theirs)


_DIGITS = str.maketrans("01568", "olsgb")
# capitals that print and scans confuse
_CONFUSED = frozenset(frozenset(pair) for pair in zip("oooodciiileebbbppuvnnmkkshat", "dqcgqgljttfbrpsrfvymhwxrzmry", strict=True))
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "md", "prof", "jr", "sr", "ii", "iii", "patient", "name"))


def name_words(name: str | None) -> frozenset[str]:
    """The words of a name, lower case, initials and titles left out; a digit among letters is a misread letter."""
    words = (word.translate(_DIGITS) for word in re.findall(r"[^\W\d_][^\W_]+", (name or "").lower()))
    return frozenset(word for word in words if word not in _TITLES)


def _are_names_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Both known, and a word of each is missing in the other, a slip of reading aside. Middle names may be missing."""
    if not one or not other:
        return False
    fewer, more = sorted((one, other), key=len)
    return not all(any(_is_close(word, known) for known in more) for word in fewer)


def _is_close_name(one: frozenset[str], other: frozenset[str]) -> bool:
    """With the same birth date: one word of the name in common, and the rest a slip; twins have other given names."""
    fewer, more = sorted((one, other), key=len)
    is_anchored = bool(fewer & more) or len(fewer) == 1
    return is_anchored and all(any(_is_close(word, known) or _is_misread(word, known) for known in more) for word in fewer)


def _is_close(one: str, other: str) -> bool:
    """Equal, or one letter of at least six misread (not a changed ending: Cornelius is not Cornelia)."""
    if one == other:
        return True
    return len(one) == len(other) >= 6 and one[-1] == other[-1] and one[0] == other[0] and _differing(one, other) == 1


def _is_misread(one: str, other: str) -> bool:
    """Up to two letters of at least five, each confused with one that looks like it."""
    if len(one) != len(other) or len(one) < 5:
        return False
    slips = [frozenset((a, b)) for a, b in zip(one, other, strict=True) if a != b]
    return len(slips) <= 2 and all(slip in _CONFUSED for slip in slips)


def _differing(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


def _are_births_apart(one: str | None, other: str | None) -> bool:
    mine, theirs = PartialDate.parse(one), PartialDate.parse(other)
    if mine is None or theirs is None:
        return False
    if mine.year != theirs.year:
        return True
    if None in (mine.month, theirs.month) or (mine.month, mine.day) == (theirs.month, theirs.day):
        return False
    return (mine.month, mine.day) != (theirs.day, theirs.month)  # 4/8 of one hospital is 8/4 of another


@cache
def _medical_lexicon() -> Lexicon[bool]:
    words = load("medical")
    drugs = sorted(entry["name"].lower() for entry in load("drugs")["drug"] if not entry.get("supportive"))
    listed = [(" ".join(word.split()), kind == "strong") for kind in ("strong", "common") for word in words[kind].split(";")]
    return Lexicon(listed + [(name, True) for name in drugs])


def is_medical(document: ReadDocument) -> bool:
    """Two strong medical words, or one beside several common ones, or enough of them for a short note; a bill with "patient" on it is none."""
    found = _medical_lexicon().find(document.text)
    strong = {one.term for one in found if one.entry}
    if document.finding_count >= 2 and (strong or len({one.term for one in found}) >= 2):
        return True
    common = {one.term for one in found if not one.entry}
    if len(strong) >= 3 or (len(strong) >= 2 and len(common) >= 1):
        return True
    return bool(strong) and len(document.text) < 1500 and (len(common) >= 2 or document.finding_count >= 1)
