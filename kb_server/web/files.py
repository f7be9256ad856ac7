"""The files of the site: ETag and 304, compressed at publishing, hashed assets kept for a year."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse
from werkzeug.wsgi import wrap_file

from kb_server.errors import NotFound
from kb_server.pages import slots
from kb_server.web import filling, leading
from kb_server.web.build import Build, BuildError, File
from kb_server.web.context import above, build, kb

blueprint = Blueprint("site", __name__)

# Material hashes the names of its assets, the plugin the folder of its own: such content never changes.
HASHED = re.compile(r"(?:\.[0-9a-f]{8}\.min\.(?:js|css)(?:\.map)?|^assets/kb-[0-9a-f]{8}/.+)$")
FOREVER = "public, max-age=31536000, immutable"
INERT_DRAWING = "script-src 'none'; object-src 'none'; frame-ancestors 'self'; sandbox"
SANDBOXED = {"Cross-Origin-Opener-Policy": "unsafe-none"}
"""What is in a sandbox may not be alone in its group as well: a browser would show nothing (HTML, 7.4.5)."""
LARGE = 1 << 20  # bytes; from there on a file is sent piece by piece
TEXTUAL = ("application/json", "application/xml", "application/manifest+json", "image/svg+xml")
# Python's own table and ours, not the machine's: the same file is the same thing everywhere.
KINDS = mimetypes.MimeTypes()
for suffix, kind in ((".js", "text/javascript"), (".mjs", "text/javascript"), (".woff2", "font/woff2")):
    KINDS.add_type(kind, suffix)
KINDS.add_type("image/webp", ".webp")


@blueprint.get("/", defaults={"path": ""})
@blueprint.get("/<path:path>")
def page_or_asset(path: str) -> BaseResponse:
    """A page or a file of the served build."""
    served = build()
    name = f"{path}index.html" if not path or path.endswith("/") else path
    file = served.files.get(name)
    if file is None and f"{path}/index.html" in served.files:
        return redirect(_with_query(f"{request.script_root}/{path}/"), 308)
    file = file or _from_an_earlier_build(name)
    if file is None:
        return _led_on(path)
    fills = _fills(served, name)
    response = filling.respond(file, fills) if fills else respond(file, name)
    response.headers["Cache-Control"] = FOREVER if HASHED.search(name) else "no-cache"
    # Scripts too: a worker obeys the policy it came with, not the page's. A drawing opened by itself runs nothing.
    is_drawing = content_type(name).startswith("image/svg")
    response.headers["Content-Security-Policy"] = INERT_DRAWING if is_drawing else served.policy
    if is_drawing:
        response.headers.update(SANDBOXED)
    return response


def _led_on(path: str) -> BaseResponse:
    lead = leading.former(path)
    if lead is None:
        raise NotFound("There is no page at this address.")
    return lead


def _fills(served: Build, name: str) -> dict[str, str]:
    page = served.page_of.get(name)
    fills = {place: html for filler in kb().fillers for place, html in filler(page).items()} if page else {}
    return fills | {slots.ABOVE: str(shown)} if page and (shown := above()) else fills


def respond(file: File, name: str) -> BaseResponse:
    """The answer that carries `file`; 304 when the browser has it already. Raises BuildError when it is gone."""
    packed = file.gzip if file.gzip and request.accept_encodings["gzip"] > 0 else None
    etag = file.digest[:24] + ("-gzip" if packed else "")
    response = Response(content_type=content_type(name))
    # Werkzeug lets these two overrule If-None-Match: then the file is wanted all the same.
    if not request.if_none_match.contains(etag) or request.if_match or "If-Range" in request.headers:
        _fill(response, packed or file.path, name)
    response.set_etag(etag)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if file.gzip:
        response.vary.add("Accept-Encoding")
    return response.make_conditional(request, accept_ranges=not packed, complete_length=response.content_length)


def content_type(name: str) -> str:
    """The Content-Type of a file, by its name alone."""
    kind = KINDS.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in TEXTUAL else kind


def _fill(response: Response, path: Path, name: str) -> None:
    try:
        size = path.stat().st_size
        if size < LARGE:
            response.set_data(path.read_bytes())
            return
        body = path.open("rb")
    except OSError as error:
        raise BuildError(f"{name} has gone from the served build. Run `kb publish`.") from error
    response.response, response.direct_passthrough = wrap_file(request.environ, body), True
    response.content_length = size


def _from_an_earlier_build(name: str) -> File | None:
    if not HASHED.search(name):
        return None
    return next((recent.files[name] for recent in kb().site.recent() if name in recent.files), None)


def _with_query(url: str) -> str:
    query = request.query_string.decode("latin-1")
    return f"{url}?{query}" if query else url
