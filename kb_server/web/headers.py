"""Headers every answer carries, and one line of log per request, without a word about persons."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, request

from kb_server.people.secret import stamp
from kb_server.web.context import the_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("kb.request")

# For answers that are not pages of a build: nothing in them may load or run anything.
INERT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")  # any other word is not ours to write down
ALPHABET = "23456789BCDFGHJKMNPQRTVWXYZ"
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ID, _SINCE = "kb.request_id", "kb.since"
USUAL = (*ALWAYS.items(), ("Content-Security-Policy", INERT))
_ENCODED = json.JSONEncoder(ensure_ascii=False).encode


def install(app: Flask, *, is_public: bool) -> None:
    """Give every request an id, every answer its headers, and the log its line."""
    app.wsgi_app = _with_headers(app.wsgi_app, is_public=is_public)  # type: ignore[method-assign, assignment]

    @app.after_request
    def _note(response: Response) -> Response:
        log.info(_line(the_request(), response))
        return response


def request_id() -> str:
    """The id of the request that is answered."""
    found: str = request.environ[_ID]
    return found


def _with_headers(answered: WSGIApplication, *, is_public: bool) -> WSGIApplication:
    """What stands in every answer is put there last, where headers are a plain list: to Werkzeug each is work."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        number = environ[_ID] = new_id()
        environ[_SINCE] = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:  # noqa: ANN401  -- WSGI's own
            given = {name.lower(): value for name, value in headers}
            usual = [one for one in USUAL if one[0].lower() not in given]
            ours = [("X-Request-ID", number)]
            if not is_public:
                ours.append(("Cache-Control", _private(given.get("cache-control", "no-cache"))))
            names = {name.lower() for name, _ in ours}
            kept = [one for one in headers if one[0].lower() not in names]
            return start_response(status, [*kept, *usual, *ours], *error)

        return answered(environ, start)

    return answer


def _private(kept: str) -> str:
    """How an answer may be kept where not everybody may read: by whoever asked, and what never changes by everybody.

    What never changes is a style, a script or a font, named by a digest of what is in it.
    """
    return kept if any(word in kept for word in ("immutable", "no-store", "private")) else f"private, {kept}"


def new_id() -> str:
    """A number a person can read out over the phone: no letter that looks like another."""
    letters = secrets.token_bytes(8).translate(_LETTERS).decode()
    return f"{letters[:4]}-{letters[4:]}"


def _line(asked: Request, response: Response) -> str:
    # The rule, not the address: what somebody looked for or mistyped is nobody's business. Served pages are named.
    rule = asked.url_rule.rule if asked.url_rule else "-"
    found = response.status_code < 400  # noqa: PLR2004  -- HTTP's own number
    path = asked.path if found and asked.endpoint == "site.page_or_asset" else rule
    line = {
        "at": stamp(datetime.now(UTC)),
        "id": asked.environ[_ID],
        "method": asked.method if asked.method in METHODS else "-",
        "path": path,
        "status": response.status_code,
        "bytes": response.content_length,
        "ms": round((time.perf_counter() - asked.environ[_SINCE]) * 1000, 1),
    }
    return _ENCODED(line)
