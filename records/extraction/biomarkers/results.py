"""Result words: which marker each belongs to, and what a \"not\" or a second assay makes of it."""

from __future__ import annotations

import re

from records.extraction.biomarkers.groups import Group, Slot
from records.extraction.biomarkers.tokens import Status, Token, Type
from records.extraction.biomarkers.walk import FORWARD_REACH, Walk
from records.extraction.patterns import lazy

_NOUN_LEADS = (
    "expression of",
    "mutation",
    "alteration",
    "variant",
    "amplification of",
    "rearrangement of",
    "overexpression of",
    "staining",
    "loss of",
    "expressed",
    "nuclear",
    "reactivity",
    "immunoreactivity",
    "positivity",
    "vus",
)

_STAIN_ADJECTIVES = frozenset(
    (
        "immunohistochemical",
        "immunoperoxidase",
        "immuno",
        "special",
        "additional",
        "confirmatory",
        "the",
        "following",
        ".",
        "-",
        "and",
        "of",
        "with",
    )
)

_ANSWER = lazy(r"\s*(?:\?\s*:?|:)\s*(?:(?P<yes>yes|y)|(?P<no>no|n))\b(?!\s*[\w/-])|\s*\?(?!\s*(?:yes|no|y|n)\b)", re.I)
_CLASSES = ("pathogenic", "vus", "benign")

_FLIPPED = {
    "positive": "negative",
    "negative": "positive",
    "lost": "retained",
    "retained": "lost",
    "amplified": "negative",
    "high": "low",
    "unstable": "stable",
    "deficient": "proficient",
    "pathogenic": "negative",
    "not_tested": "not_tested",
}


class ResultWalk(Walk):
    """What result words do: those behind a marker, those that lead to one, those of another assay."""

    def split_last(self, group: Group) -> Group:
        """The last marker of the list as a group of its own: what follows is said of it alone."""
        if len(group.markers) == 1:
            return group
        own = Group([group.markers.pop()], method=group.method)
        self.groups.append(own)
        self.current = own
        return own

    def after(self, place: int, token: Token) -> None:
        status = self.signed(place, token)
        group = self.reachable()
        self.is_list_open = False
        if group is None:
            self.lead(token, status)
            return
        status = _of_gene(group, token, status)
        slot = group.slot
        if status.kind in _CLASSES and (slot.changes or (slot.status and not slot.status.is_noun)):
            slot.classification = slot.classification or status.kind
            self.touch(slot, token)
        elif slot.status is None and group.forward is not None and not slot.changes:
            self.after_forward(group, token, status)
        elif slot.changes:
            self.after_changes(group, token, status)
        elif slot.status is None:
            self.first(group, token, status)
        elif slot.status.is_noun:
            if not status.is_noun:
                self.say(group, token, _denied(slot.status, status))
        elif self.is_told_by_name(group) and status.kind == "negative" and self.gap <= 1:
            self.say(group, token, status)  # "MSI-High: not detected"
        elif self.is_other_assay(slot, status, token) and group.method != "FISH":
            group.slots.append(Slot(method="FISH"))
            self.say(group, token, status)
        else:
            self.lead(token, status)

    def is_told_by_name(self, group: Group) -> bool:
        marker = group.markers[-1].marker
        return marker is not None and marker.says is not None and group.slot.start == group.markers[-1].start

    def after_changes(self, group: Group, token: Token, status: Status) -> None:
        """An alteration that was found needs no "positive"; any other word says something of it."""
        if token.text in ("none", "na", "n/a") and group.slot.quantities and self.is_cell_apart(group.slot.end, token.start):
            return  # how much of it was found is said: "none" stands in the column of something else
        if status.kind == "negative" and token.status is not None and token.status.kind == "pathogenic":
            group.slot.classification = "benign"  # "not pathogenic" is no "not detected"
        elif status.kind == "not_resulted" and token.text == "unknown":
            self.touch(group.slot, token)  # of its share or its origin: the change itself was found
        elif status.kind in ("positive", "high", "low", "amplified", "retained", "lost"):
            self.touch(group.slot, token)
        else:
            self.say(group, token, status)

    def first(self, group: Group, token: Token, status: Status) -> None:
        """The first result word of a group. Behind a score, one about amplification is of another assay."""
        if status.is_detection and not self.may_detect(group, token.start):
            return
        is_call = status.kind in ("negative", "amplified", "pending", "not_tested")
        if group.slot.quantities and is_call and self.is_other_assay(group.slot, status, token):
            group.slots.append(Slot(method="FISH"))
        self.say(group, token, status)

    def is_other_assay(self, slot: Slot, status: Status, token: Token) -> bool:
        """ "2+ ... not amplified": the second is by FISH."""
        return (
            "amplif" in token.text
            and slot.method not in ("FISH",)
            and (any(one.kind == "plus" for one in slot.quantities) or (slot.status is not None and slot.status.kind == "equivocal"))
        )

    def after_forward(self, group: Group, token: Token, status: Status) -> None:
        assert group.forward is not None and group.forward.status is not None
        leading = group.forward.status
        self.forward, self.is_prefix = None, False
        if status.kind in ("pending", "not_tested", "quantity_not_sufficient") and len(group.markers) == 1:
            self.say(group, token, status)  # "stain for p16 will be performed": what led to it was no result
        elif group.is_change and status.kind == "negative" and not group.is_negated and _polarity(leading.kind) == "+":
            self.say(group, token, status)  # "pathogenic BRCA1 variant: absent"
        elif group.forward.text.startswith(_NOUN_LEADS):
            self.say(group, token, _denied(leading, status))
        elif _polarity(leading.kind) != _polarity(status.kind) and not status.is_detection and len(group.markers) > 1:
            self.say(self.split_last(group), token, status)
        elif _polarity(leading.kind) != _polarity(status.kind) and self.is_of_something_else(group, token):
            group.forward = None
            self.say(group, token, status)
        elif _polarity(leading.kind) != _polarity(status.kind):
            self.lead(token, status)

    def is_of_something_else(self, group: Group, token: Token) -> bool:
        """ "del(17p) not detected, TP53 mutated": what stands right behind the marker is of it, and what stood before was of a word
        that is no marker."""
        assert group.forward is not None
        is_led_to = group.forward.text.endswith((" for", " of", " in", " with", " by", ":"))
        return not is_led_to and not self.text[group.markers[-1].end : token.start].strip()

    def may_detect(self, group: Group, status_start: int) -> bool:
        """ "Found", "present" and "normal" are results only of something that can be found: a mutation, a stain, after a colon."""
        if self.negator is not None or group.noun or group.is_negated:
            return True
        if self.last is not None and self.is_cell_apart(self.last.end, status_start):
            return True
        return self.last is not None and (
            self.last.type in (Type.COLON, Type.MARKER, Type.CLOSE, Type.OPEN, Type.METHOD, Type.NOUN)
            or self.last.text in ("is", "are", "was", "were", "status", "-", "|", "staining")
        )

    def signed(self, place: int, token: Token) -> Status:
        """The status, turned round by a "not" or "no" right before it or, for "detected", earlier in the clause."""
        assert token.status is not None
        status = token.status
        near = [
            one
            for one in self.tokens[max(0, place - 2) : place]
            if one.type is Type.NEGATOR and one.text in ("not", "no", "non", "never", "without")
        ]
        is_denied = bool(near) and not (token.text.startswith(("not", "no ", "without")))
        if not is_denied and status.is_detection and status.kind == "positive" and self.negator is not None:
            is_denied = True
        answer = _ANSWER.match(self.text, token.end)
        if answer is not None and not answer["yes"]:
            if not answer["no"]:
                return Status("not_resulted") if status.kind in _FLIPPED else status  # "KRAS mutated?": nobody answered
            is_denied = not is_denied
        if is_denied and status.kind in _FLIPPED:
            return Status(_FLIPPED[status.kind], False, status.is_detection, status.is_absent)
        return status

    def before(self, place: int, token: Token) -> None:
        status = self.signed(place, token)
        self.is_list_open = False
        group = self.reachable()
        text = token.text
        if token.text.startswith(("stain", "label", "mark")) and self.is_name_of_stain(place):
            text = "staining"
        if self.is_denied_lead(token):
            status, text = Status({"lost": "retained", "retained": "lost"}.get(status.kind, "negative")), "negative for"
        if self.leads_to_marker(place):
            self.forward, self.forward_gap, self.is_prefix = Token(token.start, token.end, Type.BEFORE, status=status, text=text), 0, False
            self.current = None
        elif group is not None and not group.slot.is_filled and group.forward is None and not self.meets_breaker(place):
            self.say(group, token, status)
        else:
            self.forward = None

    def is_name_of_stain(self, place: int) -> bool:
        """ "Immunohistochemical stains for ER and PR as follows": what was done, where "the cells stain for" would be what was found."""
        if not self.tokens[place].text.startswith(("stains ", "stain ")):
            return False
        before = self.tokens[place - 1] if place else None
        return before is None or before.type in (Type.METHOD, Type.STOP) or before.text in _STAIN_ADJECTIVES

    def is_denied_lead(self, token: Token) -> bool:
        """ "Negative for pathogenic variants in", "no ... mutation in": what leads to the markers was itself denied."""
        assert token.status is not None
        if token.status.kind not in ("positive", "pathogenic", "vus", "lost", "amplified", "retained"):
            return False
        if token.text in ("found in", "detected in", "identified in") and self.is_denied_clause(token):
            return True
        leading = self.forward is not None and self.forward.status is not None and self.forward.status.kind == "negative"
        return leading or (
            self.negator is not None
            and self.negator_gap <= FORWARD_REACH
            and token.text.startswith((*_NOUN_LEADS, "pathogenic", "deleterious", "likely", "gene", "complete loss"))
        )

    def is_denied_clause(self, token: Token) -> bool:
        """ "No pathogenic variants, indels or copy number changes found in ...": the "no" that opens the clause denies its verb."""
        clause: list[Token] = []
        for one in self.tokens:
            if one.start >= token.start:
                break
            clause = [] if one.type in (Type.STOP, Type.COLON, Type.MARKER) or one.text == "." else [*clause, one]
        return bool(clause) and (
            clause[0].type is Type.NEGATOR
            or (clause[0].status is not None and clause[0].status.kind == "negative" and clause[0].text.startswith("no"))
        )

    def lead(self, token: Token, status: Status) -> None:
        """A result word without a marker before it: it may belong to the one right behind it ("Negative: CK20")."""
        if status.is_detection or status.kind in ("high", "low", "normal") or status.is_noun:
            return
        self.forward, self.forward_gap, self.is_prefix = Token(token.start, token.end, Type.BEFORE, status=status, text=token.text), 0, True


def _of_gene(group: Group, token: Token, status: Status) -> Status:
    """ "KRAS mutation absent" is no loss, and "rearrangement: FISH positive" no amplification, which it is of HER2 alone."""
    marker = group.markers[-1].marker if group.markers else None
    if group.is_negated and "carrier" in token.text and status.kind == "positive":
        return Status("negative")  # "not a BRCA2 carrier"
    if "rearranged" in token.text:
        group.noun = "rearrangement"
    if status.is_absent and (group.is_change or group.slot.changes):
        return Status("negative" if status.kind == "lost" else "positive")  # or turned round by a "not"
    if status.kind == "amplified" and token.text.endswith("ish positive") and (group.is_change or marker is None or marker.name != "HER2"):
        return Status("positive")
    return status


def _polarity(kind: str) -> str:
    if kind in ("positive", "retained", "amplified", "pathogenic", "high"):
        return "+"
    if kind in ("negative", "lost", "low"):
        return "-"
    return kind


def _denied(noun: Status, said: Status) -> Status:
    """ "Amplification: not detected" is negative, "loss of MLH1 not identified" retained, "overexpression: present" positive."""
    if said.kind == "lost" and noun.kind == "amplified":
        return Status("negative")  # "amplification: absent"
    if said.is_absent and said.kind == noun.kind == "lost":
        return Status("retained")
    if said.kind == "negative":
        return Status({"lost": "retained", "retained": "lost", "vus": "negative"}.get(noun.kind, "negative"))
    if said.kind in ("positive", "high") and noun.kind in ("lost", "amplified", "vus", "retained"):
        return Status(noun.kind)
    return said
