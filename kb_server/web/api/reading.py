"""From a request to the models of the route that answers it. Nothing is read before the route is known."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from kb_server.errors import NotFound
from kb_server.web.api import faults

NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # the only way to say it in JSON


def from_path(model: type[BaseModel], given: Mapping[str, Any]) -> BaseModel:
    """What stands in the path. Raises NotFound: an address that cannot be is one where nothing is."""
    try:
        return model.model_validate_strings(dict(given))
    except ValidationError as error:
        raise NotFound("There is nothing at this address.") from error


def from_query(model: type[BaseModel]) -> BaseModel:
    """The parameters. Raises Unusable."""
    return _from_texts(model, request.args)


def from_headers(model: type[BaseModel]) -> BaseModel:
    """The headers a route asks for. Raises Unusable."""
    return _from_texts(model, request.headers)


def from_body(model: type[BaseModel]) -> BaseModel:
    """What was sent as JSON. Raises UnsupportedMediaType, BadRequest, Unusable."""
    if request.mimetype != "application/json" or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        raise UnsupportedMediaType("Send JSON in UTF-8 and say so: Content-Type: application/json.")
    if request.content_encoding not in (None, "identity"):
        raise UnsupportedMediaType("Send the body as it is, not compressed.")
    raw = request.get_data()
    _refuse_odd_json(raw)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise faults.in_body(error, model) from error


def _from_texts(model: type[BaseModel], given: Mapping[str, str] | Headers) -> BaseModel:
    names = {field.alias or name for name, field in model.model_fields.items()}
    try:
        return model.model_validate_strings({name: given[name] for name in names if name in given})
    except ValidationError as error:
        raise faults.in_parameters(error, model) from error


def _refuse_odd_json(raw: bytes) -> None:
    """Raise BadRequest for what is no JSON, or is and no two programs read it alike (RFC 8259, 4 and 8)."""
    try:
        from_json(raw, allow_inf_nan=False)  # refuses depth, half characters, numbers without end
        json.loads(raw, object_pairs_hook=_each_once)
    except ValueError as error:
        raise BadRequest(f"The body is not JSON that can be read: {error}.") from error
    if NUL.search(raw):
        raise BadRequest("The body has the character NUL in a text. Leave it out.")


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    known = dict(pairs)
    if len(known) < len(pairs):
        raise ValueError("a name stands twice in the same object")
    return known
