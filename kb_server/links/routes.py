"""Which requests count as a use of a link."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from kb_server.links.service import Uses


def install(app: Flask, uses: Uses) -> None:
    """Count each answer to a link that comes from elsewhere: a deck, a mail, another site."""

    @app.after_request
    def _count(response: Response) -> Response:
        if "link" in g and request.method == "GET" and not _from_here():
            uses.count(g.link)
        return response


def _from_here() -> bool:
    """Whether a page of the wiki led here. Who comes from signing in was on the way from elsewhere."""
    referrer = urlsplit(request.referrer or "")
    return referrer.netloc == request.host and not referrer.path.startswith(f"{request.script_root}/sign-in/")
