"""The sample wiki, published; a first start; people who come then."""

from __future__ import annotations

from collections.abc import Callable

import by_hand
import pytest
from flask import Flask
from flask.testing import FlaskClient
from guide.first_visit import PLACE, ROSTER, begin, pages
from talking import As, browsers

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database


@pytest.fixture
def app(database: Database, settings: Settings, publish: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A server of the sample wiki that nobody has started yet."""
    monkeypatch.setattr(by_hand, "ROSTER", ROSTER)
    monkeypatch.setattr(by_hand, "SHELL", by_hand.SHELL.replace("<main>", "{{ kb_above() }}<main>"))
    publish(*pages(), index__html=f"<!doctype html><body>{PLACE}<h1>Home</h1>")
    app = create_app(settings, database)
    app.testing = False
    return app


@pytest.fixture
def started(app: Flask, database: Database, settings: Settings) -> Flask:
    """The same after its first start."""
    assert begin(database, settings, app.extensions["kb"].site)
    return app


@pytest.fixture
def client(started: Flask) -> FlaskClient:
    return started.test_client()


@pytest.fixture
def somebody(started: Flask) -> As:
    """Somebody by their handle, signed in in a browser of their own; nobody without one."""
    return browsers(started)
