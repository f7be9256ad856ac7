"""Flask as it is here: with nothing of what it offers that this server has no use for, but every request would pay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface

_NOTHING = NullSession()


class NoSessions(SessionInterface):
    """Who is signed in is kept in the store (`people.sessions`), never in a cookie that holds it."""

    def open_session(self, app: Flask, request: Request) -> NullSession:  # noqa: ARG002
        """The session of everybody, which refuses to hold anything."""
        return _NOTHING


class Application(Flask):
    """The WSGI application: without sessions of Flask's own, and without coroutines."""

    session_interface = NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """`func` as it is: none of ours is a coroutine."""
        return func
