"""Who the page speaks to: the patient ("your tumor") or someone who cares for the patient ("their tumor"). Same facts, other words."""

from __future__ import annotations

import re

from personalize.content.plain import ENGLISH

_WORD = re.compile(r"(“[^”]*”|the person you care for)|(?<![\w-])(yourself|yours|your|you|mine|my|me|I am|am I|I)(?![\w-])", re.IGNORECASE)
_BEFORE = re.compile(r"(\w+)\W*$")
_AFTER = re.compile(r"^\W*(\w+)")
_AUXILIARY = re.compile("are|can|could|did|do|had|have|may|might|must|should|were|will|would", re.IGNORECASE)
_JOINING = re.compile(
    "after|although|and|as|because|before|but|how|if|once|since|so|than|that|until|what|when|where|whether|which|while|who|why",
    re.IGNORECASE,
)
_VERB = re.compile(
    "already|also|always|ask|asked|cannot|drive|feel|find|found|get|give|go|got|join|know|like|live|make|need|never|no|not|now|only|said|say|"
    "see|show|start|started|stay|still|stop|take|told|took|use|used|wait|want|went",
    re.IGNORECASE,
)
_FIXED = {"your": "their", "yours": "theirs", "yourself": "themselves", "my": "their", "mine": "theirs", "me": "them"}
_FIRST_PERSON = {"I": "they", "I am": "they are", "am I": "are they"}
# Spanish says "su" and the third person to "usted" already; what is left are "usted" itself and the patient's own questions.
_SPANISH = {
    "usted": "esa persona", "mí": "esa persona", "mi": "su", "mis": "sus", "me": "le", "tengo": "tiene", "tuve": "tuvo", "puedo": "puede",
    "he": "ha", "recibí": "recibió", "necesito": "necesita", "llamo": "llama", "espero": "espera", "tomo": "toma", "debo": "debe",
    "hacerme": "hacerle", "conmigo": "con esa persona",
}  # fmt: skip
_SPANISH_WORD = re.compile(rf"(“[^”]*”)|(?<![\w-])({'|'.join(sorted(_SPANISH, key=len, reverse=True))})(?![\w-])", re.IGNORECASE)


def for_caregiver(text: str, language: str = ENGLISH) -> str:
    """The same text about "them": "You have" → "They have", "tell you" → "tell them". Words in “curly quotes” stay as they are."""
    if language == "es":
        return _SPANISH_WORD.sub(lambda found: found.group(1) or _spanish(found.group(2)), text)
    return _WORD.sub(lambda found: found.group(1) or _third_person(found, text), text)


def _third_person(found: re.Match[str], text: str) -> str:
    word = found.group(2)
    low = word.lower()
    if low == "you":
        made = "they" if _is_subject(text[: found.start()], text[found.end() :]) else "them"
    elif word in _FIRST_PERSON or low in ("i am", "am i"):
        made = _FIRST_PERSON.get(word) or ("they are" if low == "i am" else "are they")
    else:
        made = _FIXED.get(low, word)
    starts_sentence = not text[: found.start()].strip() or text[: found.start()].rstrip()[-1:] in ".!?:"
    return made[0].upper() + made[1:] if starts_sentence else made


def _is_subject(before: str, after: str) -> bool:
    previous, following = _BEFORE.search(before), _AFTER.search(after)
    if not before.strip() or before.rstrip()[-1] in ".!?:":
        return True
    if following and (_AUXILIARY.fullmatch(following[1]) or _VERB.fullmatch(following[1])):
        return True
    return bool(previous and (_AUXILIARY.fullmatch(previous[1]) or _JOINING.fullmatch(previous[1])))


def _spanish(said: str) -> str:
    made = _SPANISH[said.lower()]
    return made[0].upper() + made[1:] if said[0].isupper() else made
