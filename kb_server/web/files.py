"""The files of the site: ETag and 304, compressed at publishing, hashed assets kept for a year."""

from __future__ import annotations

import mimetypes
import re

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import NotFound
from kb_server.web.build import Build, File
from kb_server.web.context import kb

blueprint = Blueprint("site", __name__)

# Material hashes the names of its assets, the plugin the folder of its own: such content never changes.
HASHED = re.compile(r"(?:\.[0-9a-f]{8}\.min\.(?:js|css)(?:\.map)?|^assets/kb-[0-9a-f]{8}/.+)$")
FOREVER = "public, max-age=31536000, immutable"
INERT_DRAWING = "script-src 'none'; object-src 'none'; frame-ancestors 'self'; sandbox"
TEXTUAL = ("application/json", "application/xml", "application/manifest+json", "image/svg+xml")
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webp": "image/webp",
}


@blueprint.get("/", defaults={"path": ""})
@blueprint.get("/<path:path>")
def page_or_asset(path: str) -> BaseResponse:
    """A page or a file of the served build."""
    build = kb().site.current()
    name = f"{path}index.html" if not path or path.endswith("/") else path
    file = build.files.get(name)
    if file is None and f"{path}/index.html" in build.files:
        return redirect(_with_query(f"{request.script_root}/{path}/"), 308)
    file = file or _from_an_earlier_build(name)
    if file is None:
        raise NotFound("There is no page at this address.")
    return respond(file, name, build)


def respond(file: File, name: str, build: Build, status: int = 200) -> BaseResponse:
    """The answer that carries `file`; 304 when the browser has it already."""
    kind = content_type(name)
    packed = file.gzip if file.gzip and request.accept_encodings["gzip"] > 0 else None
    response = Response((packed or file.path).read_bytes(), status, content_type=kind)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if file.gzip:
        response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOREVER if HASHED.search(name) else "no-cache"
    # Scripts too: a worker obeys the policy it came with, not the page's. A drawing opened by itself runs nothing.
    response.headers["Content-Security-Policy"] = INERT_DRAWING if kind.startswith("image/svg") else build.policy
    response.set_etag(file.digest[:24] + ("-gzip" if packed else ""))
    return response.make_conditional(request, accept_ranges=not packed, complete_length=file.size)


def content_type(name: str) -> str:
    """The Content-Type of a file, by its name alone: what the system thinks of a suffix differs between machines."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in TEXTUAL else kind


def _from_an_earlier_build(name: str) -> File | None:
    if not HASHED.search(name):
        return None
    return next((build.files[name] for build in kb().site.recent() if name in build.files), None)


def _with_query(url: str) -> str:
    query = request.query_string.decode("latin-1")
    return f"{url}?{query}" if query else url
