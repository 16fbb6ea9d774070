"""Where a walk over a segment's tokens stands: the group at hand, what leads to the next, and how separators end them."""

from __future__ import annotations

from collections.abc import Sequence

from records.extraction.biomarkers.groups import Group, Slot
from records.extraction.biomarkers.tokens import Status, Token, Type
from records.extraction.biomarkers.variants import Change

MOST_STRANGERS = 4  # words of no meaning to the grammar between a marker and its result
FORWARD_REACH = 3


class Walk:
    """One pass from left to right; every token looks at a bounded number of neighbours."""

    def __init__(self, tokens: Sequence[Token], text: str, subject: Group | None) -> None:
        self.tokens = tokens
        self.text = text
        self.groups: list[Group] = [subject] if subject is not None else []
        self.current: Group | None = subject
        self.forward: Token | None = None
        self.is_prefix = False
        self.forward_gap = 0
        self.negator: Token | None = None
        self.negator_gap = 0
        self.gap = 0
        self.depth = 0
        self.opened = len(text)
        self.is_list_open = False
        self.waiting: list[Change] = []
        self.waiting_gap = 0
        self.method: str | None = None
        self.last: Token | None = None

    def is_cell_apart(self, start: int, end: int) -> bool:
        """Does a column's edge lie between? A result stands behind its marker in a row, not before it."""
        between = self.text[start:end]
        return "  " in between or "|" in between or "\t" in between

    def leads_to_marker(self, place: int) -> bool:
        for token in self.tokens[place + 1 : place + 9]:
            if token.type is Type.MARKER:
                return True
            if token.type in (Type.STOP, Type.BREAKER, Type.AFTER):
                return False
        return False

    def meets_breaker(self, place: int) -> bool:
        return any(token.type is Type.BREAKER for token in self.tokens[place + 1 : place + 4])

    def reachable(self) -> Group | None:
        return self.current if self.current is not None and self.gap <= MOST_STRANGERS else None

    def say(self, group: Group, token: Token, status: Status) -> None:
        slot = group.slot
        slot.status = status
        slot.gap = self.gap
        self.touch(slot, token)

    def touch(self, slot: Slot, token: Token) -> None:
        slot.end = max(slot.end, token.end)
        slot.start = token.start if slot.start < 0 else min(slot.start, token.start)

    # what joins and parts

    def list_word(self, place: int, token: Token) -> None:
        if token.text in (",", "and", "or") and self.current is not None and self.current.is_filled:
            self.gap += 1 if self.current.slot.status is not None else 0

    def fill(self, place: int, token: Token) -> None:
        if token.text == ".":
            if self.is_prefix:
                self.forward, self.is_prefix = None, False
            self.gap += 1
            self.forward_gap += 2
        elif token.text.startswith("break") and (group := self.reachable()) is not None:
            group.noun = token.text  # "MYC break-apart": the probe that shows whether the gene is broken

    def colon(self, place: int, token: Token) -> None:
        self.gap = max(0, self.gap - 2)
        self.is_list_open = False
        if self.is_prefix and self.last is not None and self.forward is not None and self.last.end == self.forward.end:
            self.is_prefix = False  # "Negative: CK20, CDX2; p63"

    def open_bracket(self, place: int, token: Token) -> None:
        self.depth += 1
        self.opened = token.start

    def close_bracket(self, place: int, token: Token) -> None:
        self.depth = max(0, self.depth - 1)
        if self.current is not None and self.current.markers and self.current.markers[0].start > self.opened:
            self.is_list_open = False  # "(strong for both ER and PR) and HER2 is negative": the list ends with its bracket

    def stop(self, place: int, token: Token) -> None:
        follows = self.tokens[place + 1].type if place + 1 < len(self.tokens) else Type.STOP
        is_open = token.text == ";" and (
            self.depth > 0
            or (self.current is not None and not self.current.is_filled and follows in (Type.AFTER, Type.QUANTITY))
            or (self.current is not None and follows is Type.METHOD and not self.leads_to_marker(place))  # "HER2: 2+; FISH: amplified"
        )
        self.negator = None
        if is_open:
            return
        if token.text == ";" and self.forward is not None and not self.is_prefix and follows is Type.MARKER:
            self.current, self.is_list_open = None, False
            return
        self.current, self.forward, self.is_prefix, self.waiting, self.is_list_open = None, None, False, [], False

    def breaker(self, place: int, token: Token) -> None:
        if self.depth:
            return
        self.gap += MOST_STRANGERS + 1
        self.forward, self.is_prefix, self.negator, self.is_list_open = None, False, None, False

    def word(self, place: int, token: Token) -> None:
        if self.depth:
            return
        self.gap += 1
        self.forward_gap += 1
        self.negator_gap += 1
        self.waiting_gap += 1
        self.is_list_open = False
        if self.is_prefix or self.forward_gap > FORWARD_REACH:
            self.forward, self.is_prefix = None, False
        if self.negator_gap > FORWARD_REACH:
            self.negator = None
