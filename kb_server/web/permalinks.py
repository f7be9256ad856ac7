"""Permanent links: ``/p/<id>/`` leads to where the page is now."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from kb_server.web import files
from kb_server.web.context import build

blueprint = Blueprint("permalinks", __name__)


@blueprint.get("/p/<page_id>/")
def page(page_id: str) -> Response:
    """The page with this id. Not a permanent redirect: the link is permanent, where it leads is not."""
    url = build().urls.get(page_id)
    if url in (None, f"p/{page_id}/"):  # a wiki may have pages of its own below p/
        return files.page_or_asset(request.path.lstrip("/"))
    response = redirect(f"{request.script_root}/{url}", 302)
    response.headers["Cache-Control"] = "no-cache"
    return response
