"""Links that last: ``/p/<id>/`` and ``/p/<id>/<section>/`` for ever, ``/go/<name>`` as long as people say the name."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from kb_server.errors import NotFound
from kb_server.pages.leading import permanent_address
from kb_server.web import files, leading
from kb_server.web.context import build
from kb_server.wiki.ids import slug

blueprint = Blueprint("permalinks", __name__)


@blueprint.get("/p/<page_id>/", defaults={"section": ""})
@blueprint.get("/p/<page_id>/<section>/")
def page(page_id: str, section: str) -> Response:
    """The page with this id, or the section of it."""
    if _is_a_page_itself():
        return files.page_or_asset(request.path.lstrip("/"))
    leads = build().leads
    lead = leads.permanent(page_id, section)
    if lead is None:
        raise NotFound("There never was a page of this name.")
    return leading.answer(lead, permanent_address(page_id, section if leads.knows(page_id, section) else ""))


@blueprint.get("/go/<name>/")
def short(name: str) -> Response:
    """The page that people call so."""
    if _is_a_page_itself():
        return files.page_or_asset(request.path.lstrip("/"))
    known = slug(name)
    lead = build().leads.short(known, build().short_names)
    if lead is None:
        raise NotFound("No page is called so.")
    return leading.answer(lead, f"go/{known}/")


def _is_a_page_itself() -> bool:
    """A wiki may have pages of its own below p/ and go/."""
    return f"{request.path.lstrip('/')}index.html" in build().files
