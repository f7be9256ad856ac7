"""Who asks, from where, and whether they may: looked at before any route, by the one table of permissions."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask, g, request

from kb_server.errors import Forbidden
from kb_server.people import permissions, proxied, service, sessions
from kb_server.people.models import GUEST, NOBODY, Actor, Proven
from kb_server.people.permissions import SignInFirst, Thing, require
from kb_server.web.context import build, kb, the_request

COOKIE = "kb_session"
SAFE = ("GET", "HEAD", "OPTIONS")
ELSEWHERE = "This was sent from another site, so it was not done. Open the wiki itself and try there."
TWO = "This names two people: a program sends its token alone, a browser its session alone."
NOT_VALID = "This token does not work, or no longer."


class FromElsewhere(Forbidden):
    """Another site sends this, in the name of whoever looks at it."""


def install(app: Flask) -> None:
    """Let no request pass that comes from another site, or from somebody who may not."""

    @app.before_request
    def _look() -> None:
        asked, is_program = the_request(), bool(token())
        if asked.url_rule is None:  # there is no such route, or not with this method: Flask says so
            return
        needed = permissions.ROUTES[asked.endpoint or ""]
        if is_program or needed != "open" or _is_named_by_a_proxy():
            actor()  # what claims to be somebody and is not is refused wherever it goes
        if asked.method not in SAFE:
            _refuse_strange_host()
            if not is_program and needed != "signed":  # such an address is proof enough, and a mail program uses it
                refuse_other_sites()
        if needed != "open" and not _is_needed_to_sign_in():
            require(actor(), needed)


def actor() -> Actor:
    """Who makes this request, with the rights of now. Raises SignInFirst or Forbidden where somebody only claims it."""
    found: Actor | None = g.get("actor")
    if found is None:
        found = g.actor = _found() or (GUEST if kb().settings.is_public else NOBODY)
    return found


def must(permission: str, thing: Thing = Thing()) -> Actor:  # noqa: B008  -- frozen
    """Who makes this request, if they may. Raises SignInFirst or Forbidden."""
    require(actor(), permission, thing)
    return actor()


def session() -> str:
    """The secret of the session this browser has, or ""."""
    return request.cookies.get(COOKIE, "")


def token() -> str:
    """The token this program sends (RFC 6750), or "". Other kinds of authorization are for whoever stands in front."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() or "-" if kind.lower() == "bearer" else ""


def refuse_other_sites() -> None:
    """Raise Forbidden unless the browser says that one of our own pages sends this.

    Pages are static and could not carry a token. Every browser of today tells where a request comes from
    (Sec-Fetch-Site, https://www.w3.org/TR/fetch-metadata/), older ones in Origin; what says neither is no browser.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and origin is None:
        raise FromElsewhere(ELSEWHERE)
    if site not in (None, "same-origin") or (origin is not None and origin != own_origin()):
        raise FromElsewhere(ELSEWHERE)


def own_origin() -> str:
    """Scheme and host of the wiki as people reach it."""
    return kb().settings.origin or request.host_url.rstrip("/")


def _refuse_strange_host() -> None:
    """Raise Forbidden where anybody could be picked, and the name asked for is not this machine's own.

    A foreign site whose name leads here (DNS rebinding) would be "the same origin" to the browser.
    """
    if kb().settings.auth == "local" and not kb().settings.origin:
        host = urlsplit(f"//{request.host}").hostname or ""
        if host not in ("127.0.0.1", "localhost", "::1"):
            raise Forbidden("This wiki runs for one machine alone: open it as http://127.0.0.1.")


def _is_needed_to_sign_in() -> bool:
    """Whether this is a style or a script, without which nobody could read the page that asks them in."""
    return request.endpoint == "site.page_or_asset" and request.path.lstrip("/") in build().bare


def _found() -> Actor | None:
    if token():
        if session() or _is_named_by_a_proxy():
            raise Forbidden(TWO)
        return _by_token()
    return _by_proxy() if kb().settings.auth == "proxy" else _by_session()


def _by_session() -> Actor | None:
    if not session():
        return None
    with kb().database.read() as connection:
        return sessions.signed_in_by(connection, session(), build().roster, datetime.now(UTC))


def _by_token() -> Actor:
    with kb().database.read() as connection:
        found = sessions.acting_by(connection, token(), build().roster, datetime.now(UTC))
    if found is None:
        raise SignInFirst(NOT_VALID)
    return found


def _is_named_by_a_proxy() -> bool:
    return kb().settings.auth == "proxy" and bool(_by_headers())


def _by_headers() -> dict[str, str]:
    return {name: value for name in proxied.HEADERS if (value := request.headers.get(name)) is not None}


def _by_proxy() -> Actor | None:
    settings, roster = kb().settings, build().roster
    peer = request.environ.get("REMOTE_ADDR") or ""
    proven = proxied.identity(_by_headers(), peer, settings.proxy_peers, settings.proxy_secret, roster)
    if proven is None:
        return None
    with kb().database.read() as connection:
        known = service.unchanged(connection, proven, roster)
        if known:
            return service.actor_of(connection, known, roster)
    return _taken_in(proven)


def _taken_in(proven: Proven) -> Actor:
    """Somebody whom the proxy names for the first time, or in another way than before."""
    roster = build().roster
    with kb().database.transaction() as connection:
        person = service.known_as(connection, proven, roster, datetime.now(UTC))
        return service.actor_of(connection, person, roster)
