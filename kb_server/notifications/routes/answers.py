"""What the routes of what waits share: a page of this reader's own, and the way back."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.notifications import view
from kb_server.notifications.models import Wiki
from kb_server.web import addresses
from kb_server.web.context import build, shell
from kb_server.web.gate import actor
from kb_server.writing.models import MOST_BYTES


def wiki() -> Wiki:
    """Who people are and which pages there are, by the served build."""
    return Wiki(build().roster, build().pages)


def page(template: str, name: str = "waiting", **fields: Any) -> Response:  # noqa: ANN401
    """A page of this reader's own, in the site's look."""
    known = {"me": actor(), "moment": view.moment, "limits": {"most": MOST_BYTES}}
    text = render_template(template, shell=shell(name), **known, **fields)
    headers = {"Content-Security-Policy": build().policy, "Cache-Control": "no-store"}
    return Response(text, 200, headers, content_type="text/html; charset=utf-8")


def back(usual: str) -> BaseResponse:
    """On to where somebody came from, as far as that is a place of this wiki."""
    there = addresses.local(request.form.get("back", f"/{usual}"))
    response = redirect(f"{request.script_root}{there}", 303)
    response.headers["Cache-Control"] = "no-store"
    return response
