"""Answering for an address that is no page: going where it leads, or saying what became of the page."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.pages.leading import Lead
from kb_server.people.permissions import may
from kb_server.web.context import build, shell


def former(path: str) -> BaseResponse | None:
    """What to answer at an address that a page once had; None where none ever had it."""
    known = quote(path)  # as addresses stand in links: umlauts and spaces by their bytes
    spelt = (known, known.removesuffix("index.html"), f"{known}/")
    url, lead = next(((one, found) for one in spelt if (found := build().leads.former(one))), ("", None))
    return answer(lead, url) if lead else None


def answer(lead: Lead, link: str) -> BaseResponse:
    """Go where it leads. Not a permanent redirect: the link is permanent, where it leads is not.

    `link` is the address by which it is known, for whoever counts how often it is used.
    """
    g.link = link
    if lead.removed:
        response: BaseResponse = _removed(lead)
    elif lead.sections:
        response = _page("pages/led.html", lead=lead)
    else:
        response = redirect(_with_query(f"{request.script_root}/{lead.url}"), 302)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _removed(lead: Lead) -> Response:
    response = _page("pages/removed.html", **build().leads.ending(lead), last=_last(lead))
    response.status_code = 410
    return response


def _last(lead: Lead) -> str:
    """Where those who are signed in may read what the page said last; "" for all others, or where nothing tells."""
    known = lead.removed if "actor" in g and may(g.actor, "removed.read") else None
    url = build().leads.address_of(known) if known and known.path else ""
    return f"last-text/{url}" if url else ""


def _page(template: str, **fields: object) -> Response:
    response = make_response(render_template(template, shell=shell("message"), **fields))
    response.headers["Content-Security-Policy"] = build().policy
    return response


def _with_query(url: str) -> str:
    query = request.query_string.decode("latin-1")
    page, mark, fragment = url.partition("#")
    return f"{page}?{query}{mark}{fragment}" if query else url
