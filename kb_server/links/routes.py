"""Which requests count as a use of a link."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from kb_server.links.service import Uses


def install(app: Flask, uses: Uses) -> None:
    """Count each answer to a link that comes from elsewhere: a deck, a mail, another site."""

    @app.after_request
    def _count(response: Response) -> Response:
        if "link" in g and not _from_here():
            uses.count(g.link)
        return response


def _from_here() -> bool:
    return bool(request.referrer) and urlsplit(request.referrer or "").netloc == request.host
