"""When something is in the way: what it is, and everything that was typed, to be sent once more. No word is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import KbError
from kb_server.people.permissions import SignInFirst, may
from kb_server.web.context import build, kb, shell
from kb_server.web.drafting import lay_by
from kb_server.web.gate import FromElsewhere, actor
from kb_server.web.live import is_part
from kb_server.web.words import words_for
from kb_server.writing.drafts import LONGEST


@dataclass(frozen=True, slots=True)
class Again:
    """What a feature does with a form that could not be taken.

    ``typed_in`` are the routes whose forms people write in, ``fields`` what they write there. ``kept`` gives what a
    form filled in once more holds, ``filled`` that form, ``current`` what somebody else has made of the same meanwhile.
    ``drafts`` is the address at which what was typed before signing in opens, ``longest`` how much of it is kept.
    ``chosen`` are those of the ``fields`` in which there is nothing to read.
    """

    typed_in: Collection[str]
    fields: tuple[str, ...]
    kept: Callable[[Exception], dict[str, str]]
    filled: Callable[..., Response]
    current: Callable[[Exception], Mapping[str, Any]]
    drafts: str
    longest: int = LONGEST
    chosen: frozenset[str] = frozenset()

    def __call__(self, error: Exception) -> BaseResponse:
        """What could not be done, why, and everything that was typed, ready to be sent once more."""
        usual = _usual(error)
        is_somebody = "actor" in g or not isinstance(error, KbError)  # or a program that only claims to be
        if request.method != "POST" or not (is_part() or (is_somebody and self._is_typed(error))):
            return usual
        status, why = usual.status_code, str(error) if isinstance(error, KbError) else ""
        headers = {name: usual.headers[name] for name in ("Retry-After", "WWW-Authenticate") if name in usual.headers}
        if is_part():
            return _problem(status, why, headers, self.current(error))
        fields = self.kept(error)
        sign_in = self._to_sign_in(fields) if isinstance(error, SignInFirst) else ""
        more = {"status": status, "why": why, "sign_in": sign_in, "error": error}
        response = self.filled(request.path, fields, **more) if _reads() else self._typed(more)
        response.headers.update(headers)
        return response

    def _typed(self, more: Mapping[str, Any]) -> Response:
        """All that a stranger sent, and nothing of the wiki, of which a form that is filled in would tell."""
        sent = [(name, value, self._is_text(name, value)) for name, value in request.form.items(multi=True)]
        words = words_for(more["status"])
        made = render_template("web/typed.html", shell=shell("message"), words=words, sent=sent, **more)
        headers = {"Content-Security-Policy": build().policy, "Cache-Control": "no-store"}
        return Response(made, more["status"], headers, content_type="text/html; charset=utf-8")

    def _is_text(self, name: str, value: str) -> bool:
        """Whether there is something to read in a field, the numbered ones of a form among them."""
        return bool(value) and (name.partition("-")[0] in {*self.fields} - self.chosen or " " in value)

    def watch(self, routes: Blueprint) -> None:
        """Answer whatever goes wrong in these routes."""
        for trouble in (KbError, DBAPIError, PoolTimeout):
            routes.register_error_handler(trouble, self)

    def _is_typed(self, error: Exception) -> bool:
        """Whether a form of ours was sent in which people write.

        What another site sends is never made into a form of ours: a click would then say it in the name of who reads
        here.
        """
        try:
            typed = any(request.form.get(name) for name in self.fields)
        except HTTPException:  # it is too long to be read, whoever sends it
            return False
        return typed and request.endpoint in self.typed_in and not isinstance(error, FromElsewhere)

    def _to_sign_in(self, fields: dict[str, str]) -> str:
        """Keep what was typed; gives the address that leads through signing in and back to it."""
        # The path comes last: a field of this name must not send the form elsewhere when it is sent again.
        try:
            given = lay_by(fields | {"path": request.path}, self.longest)
        except (KbError, DBAPIError, PoolTimeout):  # the store cannot keep it now; who typed it has it in the form
            given = ""
        return self.drafts.format(given) if given else ""


def _reads() -> bool:
    """Whether who sends this may read the wiki. While the store is away, nobody knows who that is."""
    return kb().settings.is_public or ("actor" in g and may(actor(), "read"))


def _usual(error: Exception) -> Response:
    """The answer that everybody else would get."""
    handler = current_app._find_error_handler(error, [])  # noqa: SLF001  -- there is no other way to ask for it
    if handler is None:
        raise error
    answered: Response = current_app.make_response(handler(error))  # type: ignore[arg-type]  # Flask's own handlers
    return answered


def _problem(status: int, why: str, headers: dict[str, str], current: Mapping[str, Any]) -> Response:
    words = words_for(status)
    body = {"type": "about:blank", "title": words.title, "status": status, "detail": why or words.lead, **current}
    response = Response(json.dumps(body), status, headers, content_type="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response
