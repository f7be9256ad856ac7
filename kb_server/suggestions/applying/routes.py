"""Applying a suggestion over HTTP: one button; and, where no forge can be asked, everything to do it by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from kb_server.errors import NotFound
from kb_server.forges.choosing import forge_of
from kb_server.forges.models import Forge, ForgeError
from kb_server.suggestions.applying import bringing, patching, putting, service, sources, view
from kb_server.suggestions.applying.putting import Put
from kb_server.suggestions.applying.service import Wanted
from kb_server.suggestions.routes import answers
from kb_server.web import live
from kb_server.web.context import build, kb
from kb_server.web.gate import actor
from kb_server.words import t

blueprint = Blueprint("suggestion_applying", __name__)


@blueprint.get("/s/<name>/apply/")
def page(name: str) -> Response:
    """The texts to be put in their places by hand."""
    ready = _wanted(name)
    return _shown(ready, _here(ready))


@blueprint.get("/s/<name>/apply/change.patch")
def patch(name: str) -> Response:
    """The change as a file for `git am`. Raises NotFound where the server has not the texts, or they have changed."""
    ready = _wanted(name)
    made = _here(ready)
    if made is None or made.changed:
        raise NotFound(t("apply.changed") if made else t("apply.no_edits"))
    text = patching.patch(made, ready.message, ready.name, ready.email, datetime.now(UTC))
    headers = {
        "Content-Disposition": f'attachment; filename="{ready.suggestion.name}.patch"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(text, headers=headers, content_type="text/plain; charset=utf-8")


@blueprint.post("/s/<name>/apply/")
def apply(name: str) -> BaseResponse:
    """Have the forge open the pull request, or find the one that is open; then on to the suggestion.

    What is proposed already stays so, until somebody says (`again`) that it was closed there.
    """
    ready = _wanted(name)
    if service.place(ready.edits) and "again" not in request.form:
        return live.done(f"s/{ready.suggestion.number}/")
    forge = forge_of(kb().settings)
    if forge is None:
        return live.done(f"s/{ready.suggestion.number}/apply/")
    try:
        return _brought(ready, forge)
    except ForgeError as error:
        return _shown(ready, None, status=HTTPStatus.BAD_GATEWAY, trouble=str(error))


def _brought(ready: Wanted, forge: Forge) -> BaseResponse:
    """The pull request opened, or why it is not. Raises ForgeError."""
    if bringing.is_open(forge, ready):
        return _shown(ready, None, trouble=t("apply.open"))
    settings = kb().settings
    source = sources.of_forge(settings, forge)
    made = service.change(ready, source.read, build().pages)
    if made.changed:
        is_done = putting.stand(ready.edits, source.read)
        return _shown(ready, made, status=HTTPStatus.CONFLICT, trouble=t("apply.merged") if is_done else "")
    address = bringing.bring(settings, forge, ready, source.start, made)
    with kb().database.transaction() as connection:
        service.record(connection, live.by(), ready, address)
    return live.done(f"s/{ready.suggestion.number}/")


def _wanted(name: str) -> Wanted:
    with kb().database.read() as connection:
        one = answers.found(connection, name)
        return service.wanted(connection, actor(), one, build().pages, kb().settings)


def _here(ready: Wanted) -> Put | None:
    """The change to the files that the server has; None where it has none. No forge is asked for it."""
    source = sources.of_folder(kb().settings)
    return service.change(ready, source.read, build().pages) if source else None


def _shown(ready: Wanted, made: Put | None, *, status: int = 200, trouble: str = "") -> Response:
    settings, pages = kb().settings, build().pages
    return answers.page(
        "suggestions/apply.html",
        status=status,
        one=ready.suggestion,
        handed=view.handed(ready, pages, settings),
        three=view.three(ready, made.changed) if made and not trouble else [],
        has_patch=made is not None and not made.changed,
        message=ready.message,
        trouble=trouble,
        there=service.place(ready.edits),
        forge=bool(settings.forge_token),
    )
