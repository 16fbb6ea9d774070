"""The grammar of results: which result word, alteration or number belongs to which marker of a segment.

A marker has a result only in a construction: "X: negative", "X is S", "S for X, Y and Z", "X G12D", "X 80 %", a row. Markers in a
coordinated list share it; a clause's end, another disease word or too many strange words part them. A name alone is never a result.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from records.extraction.biomarkers.groups import Group, Slot
from records.extraction.biomarkers.results import ResultWalk
from records.extraction.biomarkers.tokens import Status, Token, Type
from records.extraction.biomarkers.variants import Change, ChangeKind
from records.extraction.biomarkers.walk import FORWARD_REACH, MOST_STRANGERS
from records.extraction.patterns import lazy

_NOTHING = lazy(r"\s*(?:(?:an?|any|known|evidence of|detectable|somatic|germline|activating|pathogenic)\s+)*", re.I)
_TOLD = lazy(r"\b(?:was|were|is|are|has been|have been) (?:seen|found|detected|identified|noted|present)\W*[,;.]", re.I)
_NO_CALL = ("pending", "not_tested", "not_resulted", "quantity_not_sufficient", "equivocal")


def read_groups(tokens: Sequence[Token], text: str, subject: Group | None = None) -> list[Group]:
    """All marker groups of a segment, with their results where it gives any. subject: the markers a heading above spoke of."""
    walk = _Walk(tokens, text, subject)
    for place, token in enumerate(tokens):
        walk.step(place, token)
    return walk.groups


class _Walk(ResultWalk):
    """What each kind of token does."""

    def step(self, place: int, token: Token) -> None:
        handler = _HANDLERS[token.type]
        handler(self, place, token)
        if token.type is not Type.FILL or token.text not in ".,":
            self.last = token

    def marker(self, place: int, token: Token) -> None:
        current = self.current
        negated = self.negator is not None and self.negator_gap <= FORWARD_REACH
        if (
            current is not None
            and current.markers
            and self.is_list_open
            and not current.is_filled
            and not token.change
            and not (token.marker and token.marker.says)
            and (current.is_negated == negated or current.forward)
        ):
            current.markers.append(token)
        else:
            self.open_group(token, negated)
        self.gap = 0
        self.is_list_open = True

    def open_group(self, token: Token, negated: bool) -> None:
        group = Group([token], method=self.method)
        if self.forward is not None and not (self.is_prefix and self.is_cell_apart(self.forward.end, token.start)):
            group.forward, group.forward_gap = self.forward, self.forward_gap
        elif negated:
            group.is_negated = True
        if token.marker and token.marker.says:
            group.slot.status = Status(token.marker.says)
            group.slot.start, group.slot.end = token.start, token.end
            group.forward = None
        if token.change:
            self.keep_change(group, token.change)
        if self.waiting and self.waiting_gap <= FORWARD_REACH:
            for change in self.waiting:
                self.keep_change(group, change)
            if group.forward and group.forward.status and group.forward.status.kind == "positive":
                group.forward = None
        self.waiting = []
        if self.is_prefix:
            self.forward, self.is_prefix = None, False
        self.groups.append(group)
        self.current = group

    def change(self, place: int, token: Token) -> None:
        assert token.change is not None
        group = self.reachable()
        is_called = group is not None and group.slot.status is not None and group.slot.status.kind in ("pathogenic", "vus", "positive")
        needs_gene = token.change.needs_gene and not self.is_spelled_out(place)
        limit = MOST_STRANGERS if is_called and not needs_gene else 0 if needs_gene else 2
        if group is None or self.gap > limit:
            self.waiting.append(token.change)
            self.waiting_gap = 0
            return
        if (
            group.slot.status is not None
            and not group.slot.changes
            and group.slot.status.kind in ("negative", *_NO_CALL)
            and not group.is_negated
        ):
            return
        group = self.split_last(group) if not group.is_negated and not self.is_denied_beside() else group
        is_denied = self.is_denied_beside() or self.is_denied_by_name(group)
        if group.slot.status is None and not group.slot.changes and is_denied:
            self.say(group, token, Status("negative"))  # "CDKN2A/B: no homozygous deletion"
        elif self.negator is not None and _TOLD.search(self.text, self.negator.end, group.markers[0].start):
            self.negator, group.is_negated = None, False  # "no BRAF mutation was seen, KRAS G12D was found"
        self.keep_change(group, token.change)
        self.is_list_open = False

    def is_denied_beside(self) -> bool:
        return self.negator is not None and self.negator.text in ("no", "without") and self.last is self.negator

    def is_denied_by_name(self, group: Group) -> bool:
        """ "No KRAS G12C mutation": only where the "no" stands right before the marker, not in the clause before."""
        if self.negator is None or not group.is_negated or self.negator.text not in ("no", "without"):
            return False
        return _NOTHING.fullmatch(self.text, self.negator.end, group.markers[0].start) is not None

    def is_spelled_out(self, place: int) -> bool:
        """ "Q61H (c.183A>T)": the coding change beside it says that this is one, too."""
        near = [one.change for one in self.tokens[place + 1 : place + 3] if one.change is not None]
        return any(one.kind is ChangeKind.CODING for one in near)

    def keep_change(self, group: Group, change: Change) -> None:
        slot = group.slot
        slot.changes.append(change)
        slot.end = max(slot.end, change.end)
        slot.start = change.start if slot.start < 0 else min(slot.start, change.start)

    def quantity(self, place: int, token: Token) -> None:
        assert token.quantity is not None
        group = self.reachable()
        if group is None:
            return
        slot = group.slot
        if slot.status is not None and slot.status.kind in ("pending", "not_tested"):
            return
        if not slot.is_filled:
            slot.gap = self.gap
        slot.quantities.append(token.quantity)
        self.touch(slot, token)
        self.is_list_open = False

    def noun(self, place: int, token: Token) -> None:
        group = self.reachable()
        if group is not None:
            group.noun = token.text
            if (
                not group.slot.is_filled
                and group.forward is None
                and (group.is_negated or (self.negator is not None and self.negator_gap <= FORWARD_REACH))
            ):
                self.say(group, token, Status("negative", is_noun=False))
                return
        if self.negator is not None and group is None and self.leads_to_marker(place):
            self.forward, self.forward_gap, self.is_prefix = (
                Token(token.start, token.end, Type.BEFORE, status=Status("negative"), text="no"),
                0,
                False,
            )

    def negate(self, place: int, token: Token) -> None:
        self.negator, self.negator_gap = token, 0

    def method_word(self, place: int, token: Token) -> None:
        group = self.reachable()
        if group is None:
            self.method = token.text
        elif (
            group.slot.is_filled
            and group.slot.method is None
            and self.last is not None
            and (self.last.text in ("by", "via", "using", "on", "with") or self.last.type is Type.OPEN)
        ):
            group.slot.method = token.text
        elif group.slot.is_filled and group.slot.method != token.text:
            group.slots.append(Slot(method=token.text))
        elif not group.slot.is_filled:
            group.slot.method = token.text


_HANDLERS = {
    Type.MARKER: _Walk.marker,
    Type.AFTER: _Walk.after,
    Type.BEFORE: _Walk.before,
    Type.CHANGE: _Walk.change,
    Type.QUANTITY: _Walk.quantity,
    Type.NOUN: _Walk.noun,
    Type.NEGATOR: _Walk.negate,
    Type.METHOD: _Walk.method_word,
    Type.LIST: _Walk.list_word,
    Type.FILL: _Walk.fill,
    Type.COLON: _Walk.colon,
    Type.OPEN: _Walk.open_bracket,
    Type.CLOSE: _Walk.close_bracket,
    Type.STOP: _Walk.stop,
    Type.BREAKER: _Walk.breaker,
    Type.WORD: _Walk.word,
}
