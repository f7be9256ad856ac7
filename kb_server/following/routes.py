"""The webhook: a forge says that there is something new. It is answered at once; whoever follows looks."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kb_server.errors import Forbidden, NotFound
from kb_server.following import storage
from kb_server.following.hooks import is_genuine
from kb_server.web.context import kb

blueprint = Blueprint("following", __name__)


@blueprint.post("/hooks/follow")
def wake() -> Response:
    """Have the trusted branch looked at. Where it is too large to be read, polling finds it anyway."""
    secret = kb().settings.follow_secret
    if not secret:
        raise NotFound("This wiki has no webhook: KB_FOLLOW_SECRET is not set.")
    if not is_genuine(request.headers, request.get_data(cache=False), secret):
        raise Forbidden("This is not signed with the secret of the webhook.")
    with kb().database.transaction() as connection:
        storage.wake(connection)
    return Response(status=202)
