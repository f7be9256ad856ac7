"""Pages of the wiki with something of the server's in them: the finished file, its places filled at each request.

What a feature knows of a page it gives as a `Filler`. A page nobody has anything for is served as the file it is.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.pages import slots
from kb_server.pages.manifest import Page
from kb_server.web.build import BuildError, File

Filler = Callable[[Page], Mapping[str, str]]
"""Gives the HTML for the places of a page, by their names."""


def respond(file: File, fills: Mapping[str, str]) -> BaseResponse:
    """The answer that carries the page in `file` with its places filled; 304 when the browser has just that."""
    packed = request.accept_encodings["gzip"] > 0
    etag = _etag(file, fills) + ("-gzip" if packed else "")
    response = Response(content_type="text/html; charset=utf-8")
    if not request.if_none_match.contains(etag):
        body = slots.filled(_text(file), fills).encode()
        response.set_data(gzip.compress(body, 4, mtime=0) if packed else body)
    response.set_etag(etag)
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response.make_conditional(request)


def _etag(file: File, fills: Mapping[str, str]) -> str:
    """Of all the page is made of, so that a page one has already need not be made again."""
    made_of = file.digest + json.dumps(fills, sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()[:24]


def _text(file: File) -> str:
    try:
        return file.path.read_text(encoding="utf-8")
    except OSError as error:
        raise BuildError("This page has gone from the served build. Run `kb publish`.") from error
