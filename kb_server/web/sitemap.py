"""``sitemap.xml`` with the address the reader really uses: instant navigation trusts only what stands in it."""

from __future__ import annotations

from xml.sax.saxutils import escape

from flask import Blueprint, Response, request

from kb_server.web.context import build, kb

blueprint = Blueprint("sitemap", __name__)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Every page of the served build."""
    here = (kb().settings.origin or request.host_url.rstrip("/")) + request.script_root + "/"
    entries = "".join(f"<url><loc>{escape(here + page.url)}</loc></url>\n" for page in build().manifest.pages)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    return Response(text, content_type="application/xml; charset=utf-8", headers={"Cache-Control": "no-cache"})
