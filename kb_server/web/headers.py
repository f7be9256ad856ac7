"""Headers every answer carries, and one line of log per request, without a word about persons."""

from __future__ import annotations

import json
import logging
import secrets
import time

from flask import Flask, Response, g, request

log = logging.getLogger("kb.request")

# For answers that are not pages of a build: nothing in them may load or run anything.
INERT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")  # any other word is not ours to write down
ALPHABET = "23456789BCDFGHJKMNPQRTVWXYZ"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
USUAL = (*ALWAYS.items(), ("Content-Security-Policy", INERT))
_ENCODED = json.JSONEncoder(ensure_ascii=False).encode


def install(app: Flask) -> None:
    """Give every request an id, every answer its headers, and the log its line."""

    @app.before_request
    def _start() -> None:
        g.request_id = new_id()
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        there = {name.lower() for name, _ in response.headers}
        response.headers.extend([one for one in USUAL if one[0].lower() not in there])
        response.headers["X-Request-ID"] = g.request_id
        log.info(_line(response))
        return response


def new_id() -> str:
    """A number a person can read out over the phone: no letter that looks like another."""
    letters = "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(8))
    return f"{letters[:4]}-{letters[4:]}"


def _line(response: Response) -> str:
    # The rule, not the address: what somebody looked for or mistyped is nobody's business. Served pages are named.
    rule = request.url_rule.rule if request.url_rule else "-"
    found = response.status_code < 400  # noqa: PLR2004  -- HTTP's own number
    path = request.path if found and request.endpoint == "site.page_or_asset" else rule
    line = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "id": g.request_id,
        "method": request.method if request.method in METHODS else "-",
        "path": path,
        "status": response.status_code,
        "bytes": response.content_length,
        "ms": round((time.perf_counter() - g.started) * 1000, 1),
    }
    return _ENCODED(line)
