"""What the page of the interface shows: the OpenAPI document, put into words and in order for its template."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from kb_server.web.api.faults import expected

Json = Mapping[str, Any]
OWN_WORDS = {"string": "a text", "array": "a list", "object": "an object", "null": "null"}


def view(document: Json, home: str) -> dict[str, Any]:
    """The fields of the template ``web/api.html``. `home` is the wiki's own address, for examples."""
    things = document["components"]["schemas"]
    subjects: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, found in methods.items():
            subjects.setdefault(found["tags"][0], []).append(_operation(path, method, found, things, home))
    names = dict.fromkeys(_names(document["paths"], things))
    return {"subjects": subjects, "things": [_thing(name, things[name]) for name in names]}


def _names(part: object, things: Json, within: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names of the things somebody reading `part` meets, in that order."""
    if isinstance(part, list):
        part = dict(enumerate(part))
    if isinstance(part, Mapping):
        name = _name(part)
        if name and name not in within:
            yield name
            yield from _names(things[name], things, within | {name})
        for inner in part.values():
            yield from _names(inner, things, within)


def _operation(path: str, method: str, found: Json, things: Json, home: str) -> dict[str, Any]:
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "id": found["operationId"].replace(".", "-"),
        "method": method.upper(),
        "path": path,
        "summary": found["summary"],
        "description": found.get("description", ""),
        "parameters": [
            _field(one["name"], one | one["schema"], bool(one.get("required"))) for one in found.get("parameters", ())
        ],
        "body": _kind(body) if body else None,
        "answers": [_answer(status, answer) for status, answer in found["responses"].items()],
        "example": _example(method, home + path, found, things.get(_name(body), {})),
    }


def _answer(status: str, answer: Json) -> dict[str, Any]:
    kinds = [_kind(content["schema"]) for content in answer.get("content", {}).values()]
    return {"status": status, "meaning": answer["description"], "kind": kinds[0] if kinds else None}


def _thing(name: str, schema: Json) -> dict[str, Any]:
    required = schema.get("required", ())
    fields = [_field(key, inner, key in required) for key, inner in schema.get("properties", {}).items()]
    return {"name": name, "description": schema.get("description", ""), "fields": fields}


def _field(name: str, schema: Json, required: bool) -> dict[str, Any]:  # noqa: FBT001
    default = schema.get("default")
    return {
        "name": name,
        "place": schema.get("in", ""),
        "kind": _kind(schema),
        "required": required,
        "default": "" if default in (None, "", []) else json.dumps(default, ensure_ascii=False),
        "description": schema.get("description", ""),
    }


def _kind(schema: Json) -> list[tuple[str, str]]:
    """What a value is, in words and in names of things: pieces of which one or the other is empty."""
    if name := _name(schema):
        return [("", name)]
    if "anyOf" in schema:
        first, *others = schema["anyOf"]
        return [*_kind(first), *(piece for one in others for piece in [(" or ", ""), *_kind(one)])]
    if "items" in schema:
        return [("a list, each ", ""), *_kind(schema["items"])]
    if isinstance(schema.get("additionalProperties"), Mapping):
        return [("an object, each value ", ""), *_kind(schema["additionalProperties"])]
    return [(expected(schema) or OWN_WORDS.get(schema.get("type", ""), "anything"), "")]


def _name(schema: Json) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _example(method: str, url: str, found: Json, body: Json) -> str:
    """A command that tries it, made of the examples in the schemas."""
    given: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
    for place, name, example in _examples(found):
        given[place][name] = example
    for name, example in given["path"].items():
        url = url.replace(f"{{{name}}}", quote(str(example)))
    query = f"?{urlencode(given['query'])}" if given["query"] else ""
    headers = dict(given["header"])
    sent = {name: field["examples"][0] for name, field in body.get("properties", {}).items() if "examples" in field}
    if body:
        headers["Content-Type"] = "application/json"
    options = [f"-X {method.upper()}"] if method != "get" else []
    options += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    options += [f"-d {shlex.quote(json.dumps(sent, ensure_ascii=False))}"] if body else []
    return " ".join(["curl", *options, f"'{url}{query}'"])


def _examples(found: Json) -> Iterator[tuple[str, str, Any]]:
    for one in found.get("parameters", ()):
        if examples := one["schema"].get("examples"):
            yield one["in"], one["name"], examples[0]
