"""The OpenAPI document (https://spec.openapis.org/oas/v3.1.0.html), made of the routes the application really has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from werkzeug.routing import Rule

from kb_server.web.api.models import Problem
from kb_server.web.api.operations import Operation

Json = dict[str, Any]

ROOT = "/api/"
VERSION = "1"
INTRODUCTION = "Everything the pages do, for programs. Addresses in answers are relative to the wiki's home."
IN = {"path": "path", "query": "query", "headers": "header"}
ERRORS: Mapping[str, Mapping[int, str]] = {
    "path": {404: "There is nothing at this address."},
    "query": {422: "A parameter cannot be used; `errors` names it."},
    "headers": {422: "A header cannot be used; `errors` names it."},
    "body": {
        400: "The body is not JSON that can be read.",
        415: "The body is not declared as JSON in UTF-8.",
        422: "Something in the body cannot be used; `errors` names each part.",
    },
}
VARIABLE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
PROBLEM = ("problem", "serialization")


class _Schemas(GenerateJsonSchema):
    """Schemas without a title for every field that says no more than its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002  -- as pydantic calls it
        return False


def described(app: Flask) -> Iterator[tuple[Rule, Operation]]:
    """The routes that are described, in the order of their addresses."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[rule.endpoint]
        if isinstance(view, Operation):
            yield rule, view


def document(app: Flask) -> Json:
    """What the server can do, but for where it stands: `servers` is known only when somebody asks."""
    routes = list(described(app))
    schemas, shared = _schemas(routes)
    paths: dict[str, Json] = {}
    for rule, view in routes:
        described_here = _operation(rule, view, schemas)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(VARIABLE.sub(r"{\1}", rule.rule), {})[method.lower()] = described_here
    return {
        "openapi": "3.1.0",
        "info": {"title": "Common Ground", "version": VERSION, "description": INTRODUCTION},
        "paths": paths,
        "components": {"schemas": shared},
    }


def _schemas(routes: list[tuple[Rule, Operation]]) -> tuple[Mapping[Any, Json], Json]:
    """The schema of each body and each answer, and what they share."""
    wanted: list[Any] = [(*PROBLEM, TypeAdapter(Problem))]
    for rule, view in routes:
        wanted.append((rule.endpoint, "serialization", view.gives))
        if "body" in view.takes:
            wanted.append((rule.endpoint, "validation", TypeAdapter(view.takes["body"])))
    schemas, shared = TypeAdapter.json_schemas(
        wanted, ref_template="#/components/schemas/{model}", schema_generator=_Schemas
    )
    return schemas, shared.get("$defs", {})


def _operation(rule: Rule, view: Operation, schemas: Mapping[Any, Json]) -> Json:
    found: Json = {"operationId": rule.endpoint, "tags": [view.tag], "summary": view.summary}
    if view.description:
        found["description"] = view.description
    if parameters := [one for place in IN if place in view.takes for one in _parameters(place, view.takes[place])]:
        found["parameters"] = parameters
    if "body" in view.takes:
        body = schemas[rule.endpoint, "validation"]
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    found["responses"] = _responses(rule, view, schemas)
    return found


def _parameters(place: str, model: type[BaseModel]) -> Iterator[Json]:
    whole = model.model_json_schema(schema_generator=_Schemas)
    for name, schema in whole["properties"].items():
        described_here = {"name": name, "in": IN[place], "schema": schema}
        if "description" in schema:
            described_here["description"] = schema.pop("description")
        if name in whole.get("required", ()) or place == "path":
            described_here["required"] = True
        yield described_here


def _responses(rule: Rule, view: Operation, schemas: Mapping[Any, Json]) -> Json:
    content = schemas[rule.endpoint, "serialization"]
    has_content = content.get("type") != "null"
    found: Json = {}
    for status, meaning in view.answers.items():
        found[str(status)] = {"description": meaning}
        if has_content:
            found[str(status)]["content"] = {"application/json": {"schema": content}}
    if not rule.rule.startswith(ROOT):  # what goes wrong there is answered with a page
        return found
    for status, meaning in sorted(_errors(view).items()):
        found[str(status)] = _problem(meaning, schemas)
    return found | {"default": _problem("Whatever else goes wrong.", schemas)}


def _errors(view: Operation) -> dict[int, str]:
    usual = {status: meaning for place in view.takes for status, meaning in ERRORS[place].items()}
    return {**usual, **view.errors}


def _problem(meaning: str, schemas: Mapping[Any, Json]) -> Json:
    return {"description": meaning, "content": {"application/problem+json": {"schema": schemas[PROBLEM]}}}
