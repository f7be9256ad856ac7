"""Previews over HTTP: a list, and the pages of each branch below its name. Whoever is not signed in sees none."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, current_app, g, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from kb_server.people.permissions import require
from kb_server.previews import shelf, showing
from kb_server.previews.models import Branch
from kb_server.web import files, live
from kb_server.web.build import Build, BuildError, File, load
from kb_server.web.context import build, kb, shell
from kb_server.web.gate import actor
from kb_server.web.headers import INERT
from kb_server.words import t

blueprint = Blueprint("previews", __name__)

SHOWN = "kb.previews"
"""Under this name `app.extensions` has the builds of previews that were asked for last."""
MOST_SHOWN = 4
LONGEST_PAGE = 5 << 20
"""Bytes of a page that is shown: it is taken to pieces in the server's memory, as often as somebody asks for it."""
PUBLISHED = "previews_published"
"""Set in `g` where what is asked for is no preview."""


@blueprint.after_request
def _nowhere_to_be_found(response: Response) -> Response:
    """Nothing of a preview is kept by anybody in between, or found by a search engine."""
    if g.get(PUBLISHED):
        return response
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["X-DNS-Prefetch-Control"] = "off"
    if "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.get("/preview/")
def listed() -> BaseResponse:
    """The branches that there are previews of."""
    known = shelf.seen(kb().settings)
    why = known.trouble if actor().is_admin else ""
    return _made("previews/listed.html", known=known, why=why, address=_address, standing=_standing)


@blueprint.get("/preview/<path:address>")
def page(address: str) -> BaseResponse:
    """A page of a branch, or a file that belongs to one."""
    path = f"preview/{address}"
    if not build().files.keys().isdisjoint({path, f"{path}index.html", f"{path}/index.html"}):
        g.setdefault(PUBLISHED, True)
        return files.page_or_asset(path)  # a wiki may have pages of its own below preview/
    require(actor(), "preview.see")
    branch = shelf.seen(kb().settings).of(address)
    if branch is None:
        return _message(t("preview.gone.title"), t("preview.gone.lead"), 404)
    if address == branch.name:
        return redirect(_address(branch), 308)
    try:
        served = _served(branch)
        return _of_the_build(branch, served, address[len(branch.name) + 1 :]) if served else _none_yet(branch)
    except (BuildError, OSError):  # it went this very moment
        return _message(t("preview.gone.title"), t("preview.gone.lead"), 404)


def _of_the_build(branch: Branch, served: Build, path: str) -> BaseResponse:
    name = f"{path}index.html" if not path or path.endswith("/") else path
    if name not in served.files and f"{path}/index.html" in served.page_of:
        return redirect(f"{_address(branch)}{quote(path)}/", 308)
    if name in served.page_of and name in served.files:
        if served.files[name].size > LONGEST_PAGE:
            return _message(t("preview.long.title"), t("preview.long", most=LONGEST_PAGE >> 20))
        return _page(branch, served, name)
    file = served.files.get(name)
    if file is None or name.lower().endswith(showing.RUN):
        published = path if f"{path}index.html" in build().page_of else None
        lead = t("preview.missing.lead", branch=_named(branch))
        return _message(t("preview.missing.title"), lead, 404, published=published)
    return _file(file, name)


def _page(branch: Branch, served: Build, name: str) -> Response:
    there = served.page_of[name]
    said = t("preview.banner", branch=_named(branch), at=live.moment(branch.at))
    published = build().urls.get(there.id)
    above = render_template("previews/above.html", branch=branch, said=said, published=published, is_live=there.shell)
    text = served.files[name].path.read_text(encoding="utf-8")
    html = showing.page(text, above, t("preview.short", title=there.title))
    headers = {"Content-Security-Policy": showing.policy(build().policy), **files.SANDBOXED}
    return Response(html, headers=headers, content_type=live.HTML)


def _file(file: File, name: str) -> BaseResponse:
    if "dark" in request.args and name.endswith(".css"):
        return Response(
            showing.darkened(file.path.read_text("utf-8", "replace")), content_type="text/css; charset=utf-8"
        )
    response = files.respond(file, name)
    kind = response.mimetype or ""
    is_drawing = kind.startswith("image/svg")
    response.headers["Content-Security-Policy"] = showing.DRAWING if is_drawing else INERT
    response.headers.update(files.SANDBOXED)
    if not kind.startswith(showing.SHOWN):
        response.headers["Content-Disposition"] = "attachment"
    return response


def _none_yet(branch: Branch) -> BaseResponse:
    if branch.is_broken:
        lead = t("preview.broken.lead", branch=_named(branch), commit=branch.commit[:10])
        return _message(t("preview.broken.title"), lead, said=branch.said, then=t("preview.broken.what"))
    if branch.is_left_out:
        return _message(t("preview.no_room.title"), t("preview.no_room", branch=_named(branch)))
    return _message(t("preview.waiting.title"), t("preview.waiting.lead", branch=_named(branch)))


def _served(branch: Branch) -> Build | None:
    """The build of a preview, kept at hand while it is asked for; None where there is none. Raises BuildError."""
    if not branch.build:
        return None
    kept: dict[str, Build] = current_app.extensions.setdefault(SHOWN, {})
    found = kept.get(branch.build) or load(shelf.of(kb().settings.data_dir).builds / branch.build)
    kept[branch.build] = found
    for name in list(kept)[:-MOST_SHOWN]:
        kept.pop(name, None)
    return found


def _standing(branch: Branch) -> Markup | str:
    if branch.is_broken:
        return t("preview.broken")
    if not branch.build:
        return t("preview.no_room.title") if branch.is_left_out else t("preview.waiting")
    at = live.when(branch.at)
    return t("preview.behind", at=at) if branch.is_behind else t("preview.built", at=at)


def _named(branch: Branch) -> Markup:
    return Markup("<bdi>{}</bdi>").format(branch.name)


def _address(branch: Branch) -> str:
    return f"{request.script_root}/{branch.address}"


def _message(title: str, lead: str, status: int = 200, *, published: str | None = None, **more: object) -> Response:
    return _made("previews/message.html", status, title=title, lead=lead, published=published, **more)


def _made(template: str, status: int = 200, **fields: object) -> Response:
    text = render_template(template, shell=shell("message"), **fields)
    return Response(text, status, {"Content-Security-Policy": build().policy}, content_type=live.HTML)
