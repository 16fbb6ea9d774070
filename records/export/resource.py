"""What every resource of a bundle shares: its address, whose it is, the words a person is shown, and where it came from."""

from __future__ import annotations

import uuid
from html import escape
from typing import Any

from personalize.profile import PartialDate, Proof
from records.export.codes import PROVENANCE_ROLE, Json, concept

PAGE, QUOTE, CHECKED = (f"urn:cart-guide:{one}" for one in ("page", "quote", "checked"))


class Writer:
    """Collects resources of one person. Equal profiles give equal bundles: addresses are made of the place in the profile."""

    def __init__(self, whose: uuid.UUID, made_at: str) -> None:
        self.whose, self.made_at = whose, made_at
        self.entries: list[Json] = []

    def address(self, key: str) -> str:
        return f"urn:uuid:{uuid.uuid5(self.whose, key)}"

    @property
    def subject(self) -> Json:
        return {"reference": self.address("patient")}

    def add(self, key: str, resource: Json, shown: str, proof: Proof | None = None) -> None:
        """shown: a line or two that say the same in words, the day of the fact is put behind the first; readers show it, and ours read it."""
        address = self.address(key)
        if proof is not None and proof.date and str(proof.date) not in shown:
            first, *more = shown.splitlines()
            shown = "\n".join((f"{first} ({proof.date})", *more))
        full = {"resourceType": resource["resourceType"], "id": address.removeprefix("urn:uuid:"), "text": narrative(shown), **resource}
        if proof is not None:
            full["meta"] = {**full.get("meta", {}), "tag": [{"system": CHECKED, "code": proof.check.value}]}
        self.entries.append({"fullUrl": address, "resource": full})
        if proof is not None and proof.evidence:
            self._prove(key, address, proof)

    def _prove(self, key: str, target: str, proof: Proof) -> None:
        """Provenance: the document, the page, the words."""
        entities = [
            {
                "role": "source",
                "what": {"display": one.file},
                "extension": [{"url": PAGE, "valuePositiveInt": max(1, one.page)}, {"url": QUOTE, "valueString": one.quote}],
            }
            for one in proof.evidence
        ]
        agent = {"type": concept("Assembler", (PROVENANCE_ROLE, "assembler", "Assembler")), "who": {"display": "CAR-T Guide"}}
        made = {
            "resourceType": "Provenance",
            "target": [{"reference": target}],
            "recorded": self.made_at,
            "agent": [agent],
            "entity": entities,
        }
        address = self.address(f"{key}/provenance")
        self.entries.append({"fullUrl": address, "resource": {**made, "id": address.removeprefix("urn:uuid:")}})

    def bundle(self) -> Json:
        return {"resourceType": "Bundle", "type": "collection", "timestamp": self.made_at, "entry": self.entries}


def narrative(shown: str) -> Json:
    lines = "".join(f"<p>{escape(one, quote=False)}</p>" for one in shown.splitlines())
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{lines}</div>'}


def day(on: PartialDate | None) -> str | None:
    return str(on) if on else None


def dated(name: str, on: PartialDate | None) -> Json:
    return {name: str(on)} if on else {}


def period(start: PartialDate | None, stop: PartialDate | None) -> Json:
    return {**dated("start", start), **dated("end", stop)}


def said(*parts: Any) -> str:
    """The parts that there are, with commas."""
    return ", ".join(str(one) for one in parts if one not in (None, "", ()))
