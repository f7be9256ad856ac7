"""From what pydantic finds wrong to sentences that tell which part, what is wrong with it, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from kb_server.errors import Invalid
from kb_server.web.api.models import Fault

Schema = Mapping[str, Any]


class Unusable(Invalid):
    """What was sent cannot be used; each fault says where and why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(fault.detail for fault in faults))
        self.faults = faults


def in_parameters(error: ValidationError, model: type[BaseModel]) -> Unusable:
    """What is wrong with parameters."""
    return Unusable(*(Fault(detail=said, parameter=str(path[0])) for path, said in _sentences(error, model)))


def in_body(error: ValidationError, model: type[BaseModel]) -> Unusable:
    """What is wrong with a body."""
    return Unusable(*(Fault(detail=said, pointer=_pointer(path)) for path, said in _sentences(error, model)))


def expected(schema: Schema) -> str:
    """What a value must be to fit a schema, in words; "" where that takes more than a few."""
    if "enum" in schema or "const" in schema:
        return " or ".join(str(value) for value in schema.get("enum", [schema.get("const")]))
    match schema.get("type"):
        case "integer":
            return f"a whole number{_range(schema, 'minimum', 'maximum')}"
        case "number":
            return f"a number{_range(schema, 'minimum', 'maximum')}"
        case "boolean":
            return "true or false"
        case "string" if not {"format", "pattern"} & set(schema):
            length = _range(schema, "minLength", "maxLength")
            return f"a text{length.replace(' from ', ' of ')}{' characters' if length else ''}"
    return ""


def _sentences(error: ValidationError, model: type[BaseModel]) -> Iterable[tuple[tuple[int | str, ...], str]]:
    whole = model.model_json_schema()
    for found in error.errors(include_url=False, include_input=False):
        path = found["loc"]
        yield path, f"{_name(path)} {_said(found, _schema_at(path, whole, whole))}."


def _said(found: Mapping[str, Any], schema: Schema) -> str:
    wanted = expected(schema)
    match found["type"]:
        case "missing":
            return f"is missing{'; it must be ' if wanted else ''}{wanted}"
        case "extra_forbidden":
            return "is not known here; leave it out"
        case "value_error" if str(found["ctx"]["error"]):
            return str(found["ctx"]["error"])
    return f"must be {wanted}" if wanted else str(found["msg"]).replace("Input should", "must")


def _name(path: tuple[int | str, ...]) -> str:
    return ".".join(map(str, path)) or "The body"


def _pointer(path: tuple[int | str, ...]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _schema_at(path: tuple[int | str, ...], schema: Schema, whole: Schema) -> Schema:
    """The part of a schema that speaks of the value at a path; empty where that is one of several."""
    for part in path:
        schema = _resolved(schema, whole)
        schema = schema.get("items", {}) if isinstance(part, int) else schema.get("properties", {}).get(part, {})
    return _resolved(schema, whole)


def _resolved(schema: Schema, whole: Schema) -> Schema:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found: Schema = whole["$defs"][name] if name else schema
    return found


def _range(schema: Schema, least: str, most: str) -> str:
    low, high = schema.get(least), schema.get(most)
    since = "" if low is None else f" from {low}"
    until = "" if high is None else f" {'to' if since else 'up to'} {high}"
    return since + until
