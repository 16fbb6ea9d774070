"""Every answer of the API held against the schema that it publishes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.test import Client
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

PROBLEM = "application/problem+json"


@cache
def schema() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    assert validator_for(made, Draft202012Validator) is Draft202012Validator
    return made


def operation(method: str, path: str) -> dict[str, Any]:
    route = resolve(path.split("?")[0]).route
    template = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
    found: dict[str, Any] = schema()["paths"][template][method.lower()]
    return found


def faults(method: str, path: str, response: Any) -> list[str]:
    """How this answer differs from what the schema promises; empty where it conforms."""
    promised = operation(method, path)["responses"].get(str(response.status_code))
    if promised is None:
        return [f"{response.status_code} is not in the schema"]
    content = promised.get("content", {})
    kind = response.headers.get("Content-Type", "").split(";")[0]
    if not content:
        return [] if not response.content else ["a body where none is promised"]
    if kind not in content:
        return [f"{kind} is not in the schema"]
    if "json" not in kind:
        return []
    checker = Draft202012Validator(
        {**content[kind]["schema"], "components": schema()["components"]}, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{one.json_path}: {one.message[:200]}" for one in checker.iter_errors(json.loads(response.content))]


@dataclass
class Api:
    """A client whose every answer is checked. seen: operations that answered well."""

    client: Client
    seen: set[str] = field(default_factory=set)

    def ask(self, method: str, path: str, data: Any = None, status: int = 200, **headers: Any) -> Any:
        """The JSON that came back, or the response where it is none."""
        given: dict[str, Any] = {"headers": headers}
        if data is not None:
            given |= _body(data)
        full = path if path.startswith("/") else f"/api/v1/{path}"
        response = getattr(self.client, method.lower())(full, **given)
        assert response.status_code == status, (method, path, response.status_code, getattr(response, "content", b"")[:500])
        wrong = faults(method, full, response)
        assert not wrong, (method, path, wrong[:5])
        if status < 300:
            self.seen.add(operation(method, full)["operationId"])
        is_json = "json" in response.headers.get("Content-Type", "")
        return json.loads(response.content) if is_json else response

    def get(self, path: str, status: int = 200, **headers: Any) -> Any:
        return self.ask("GET", path, status=status, **headers)

    def post(self, path: str, data: Any = None, status: int = 201, **headers: Any) -> Any:
        return self.ask("POST", path, data, status=status, **headers)


def _body(data: Any) -> dict[str, Any]:
    if isinstance(data, bytes):
        return {"data": data, "content_type": "application/octet-stream"}
    if isinstance(data, dict) and "file" in data:
        return {"data": data}
    return {"data": json.dumps(data), "content_type": "application/json"}
