"""A function with types becomes a route: what it takes is read and checked, what it gives written, both described."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import update_wrapper
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from flask import Response, request
from pydantic import TypeAdapter
from werkzeug.wrappers import Response as BaseResponse

from kb_server.web.api import reading

T = TypeVar("T")

READ: Mapping[str, Callable[..., Any]] = {
    "query": reading.from_query,
    "headers": reading.from_headers,
    "body": reading.from_body,
}
PLACES = ("path", *READ)
"""The names a route's function may use for what it takes."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """An answer with more to it than its content. With an `etag`, who has it already is told so (304)."""

    content: T
    status: int = 0
    etag: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Operation:
    """A route of the interface: a view for Flask that knows what it takes and what it gives."""

    def __init__(
        self, function: Callable[..., Any], tag: str, answers: Mapping[int, str], errors: Mapping[int, str]
    ) -> None:
        hints = get_type_hints(function)
        given = hints.pop("return")
        if not set(hints) <= set(PLACES):
            raise TypeError(f"{function.__qualname__} may take {', '.join(PLACES)}, each a model, and nothing else.")
        self.takes: Mapping[str, Any] = hints
        self.gives = TypeAdapter(get_args(given)[0] if get_origin(given) is Answer else given)
        self.tag, self.answers, self.errors = tag, answers, errors
        self.summary, _, self.description = (inspect.getdoc(function) or "").partition("\n\n")
        self._function = function
        update_wrapper(self, function)

    def __call__(self, **path: Any) -> BaseResponse:  # noqa: ANN401  -- whatever stands in the address
        """Answer a request."""
        taken = {name: READ[name](model) for name, model in self.takes.items() if name in READ}
        if "path" in self.takes:
            taken["path"] = reading.from_path(self.takes["path"], path)
        given = self._function(**taken)
        return self._response(given if isinstance(given, Answer) else Answer(given))

    def _response(self, answer: Answer[Any]) -> BaseResponse:
        status = answer.status or next(iter(self.answers))
        empty = answer.content is None
        text = b"" if empty else self.gives.dump_json(answer.content, by_alias=True)
        response = Response(text, status, answer.headers, content_type=None if empty else "application/json")
        # Unless the route says otherwise: no cache between may keep what was asked, or answer anybody else with it.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if answer.etag:
            response.set_etag(answer.etag)
            return response.make_conditional(request)
        return response


def operation(
    tag: str, *, answers: Mapping[int, str] | None = None, errors: Mapping[int, str] | None = None
) -> Callable[[Callable[..., Any]], Operation]:
    """Make a function a route of the interface.

    Its parameters are named `path`, `query`, `headers` or `body`, each a model; what it returns is JSON, or an `Answer`
    around it. `answers` and `errors` are statuses with what they mean; the first of `answers` is the usual one.
    """

    def made(function: Callable[..., Any]) -> Operation:
        return Operation(function, tag, answers or {200: "Done."}, errors or {})

    return made
