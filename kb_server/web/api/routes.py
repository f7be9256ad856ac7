"""The document of the interface, for programs, and the page made of it, for people."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from pydantic_core import to_json
from werkzeug.wrappers import Response as BaseResponse

from kb_server.pages import layout
from kb_server.web import files
from kb_server.web.api.document import Json, document
from kb_server.web.api.operations import Answer, operation
from kb_server.web.api.page import view
from kb_server.web.context import build, kb, shell

NAME = "api"  # of the shell
PAGE = "about/api/"
AWAY = '<div class="kb-from-server"'  # begins the part of the page that holds without a server


def blueprint() -> Blueprint:
    """The two routes."""
    routes = Blueprint("api", __name__)
    routes.add_url_rule("/api/v1/openapi.json", "document", openapi)
    routes.add_url_rule(f"/{PAGE}", "page", page)
    return routes


@operation("About the interface", answers={200: "An OpenAPI 3.1 document."})
def openapi() -> Answer[dict[str, Any]]:
    """This description, for programs that read it.

    Its `ETag` changes when the description does.
    """
    whole = _whole() | {"servers": [{"url": request.script_root or "/"}]}
    return Answer(whole, etag=sha256(to_json(whole)).hexdigest()[:24], headers={"Cache-Control": "no-cache"})


def page() -> BaseResponse:
    """The same for people, in the look of the wiki."""
    served = build()
    if f"{PAGE}index.html" in served.files and f"{layout.SHELLS}/{NAME}.html" not in served.inner:
        return files.page_or_asset(PAGE)  # a wiki may have another page here
    origin = kb().settings.origin or request.host_url.rstrip("/")
    shown = view(_whole(), origin + request.script_root)
    html = render_template("web/api.html", shell=shell(NAME), away=AWAY, **shown)
    headers = {"Content-Security-Policy": served.policy, "Cache-Control": "no-cache"}
    return Response(html, headers=headers, content_type="text/html; charset=utf-8")


def _whole() -> Json:
    """The document, made once: the routes of a server stay as they are."""
    if "kb.api" not in current_app.extensions:
        current_app.extensions["kb.api"] = document(current_app)
    found: Json = current_app.extensions["kb.api"]
    return found
