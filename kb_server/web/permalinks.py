"""Links that last: ``/p/<id>/`` and ``/p/<id>/<section>/`` for ever, ``/go/<name>`` as long as people say the name.

And ``/last-text/<address>``, what a page said last that is not there any more.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from kb_server.pages.leading import permanent_address
from kb_server.web import files, leading
from kb_server.web.context import build, kb, shell
from kb_server.wiki.ids import slug
from kb_server.wiki.past.last_text import last_sections
from kb_server.writing import markdown

blueprint = Blueprint("permalinks", __name__)


@blueprint.get("/p/<page_id>/", defaults={"section": ""})
@blueprint.get("/p/<page_id>/<path:section>/")  # an anchor that an author wrote may have a slash
def page(page_id: str, section: str) -> Response:
    """The page with this id, or the section of it."""
    leads = build().leads
    lead = None if _is_a_file_itself() else leads.permanent(page_id, section)
    if lead is None:
        return files.page_or_asset(request.path.lstrip("/"))
    return leading.answer(lead, permanent_address(page_id, section if leads.knows(page_id, section) else ""))


@blueprint.get("/go/<name>/")
def short(name: str) -> Response:
    """The page that people call so."""
    known = slug(name)
    lead = None if _is_a_file_itself() else build().leads.short(known, build().short_names)
    if lead is None:
        return files.page_or_asset(request.path.lstrip("/"))
    return leading.answer(lead, f"go/{known}/")


@blueprint.get("/last-text/<path:address>")
def last_text(address: str) -> Response:
    """What a removed page said last, for those who are signed in: whoever took it away took it from the public."""
    lead = None if _is_a_file_itself() else build().leads.former(quote(address))
    removed = lead.removed if lead else None
    if removed is None:
        return files.page_or_asset(request.path.lstrip("/"))
    found = last_sections(kb().settings.config_file.parent, removed.commit, removed.path)
    sections = [(one.title, Markup(markdown.rendered(one.body).html)) for one in found]  # noqa: S704  -- cleaned
    made = render_template("pages/last_text.html", shell=shell("message"), removed=removed, sections=sections)
    headers = {"Content-Security-Policy": build().policy, "Cache-Control": "private, no-cache"}
    return Response(made, headers=headers, mimetype="text/html")


def _is_a_file_itself() -> bool:
    """A wiki may have pages and pictures of its own below p/ and go/."""
    path = request.path.lstrip("/")
    return not build().files.keys().isdisjoint({path, f"{path}index.html", f"{path}/index.html"})
