"""Pages with owners, people who are signed in, and what tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from by_hand import page
from flask import Flask
from notifications.telling import owned
from postbox import Postbox
from talking import handing

from kb_server.app import TELLER, create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.notifications.service import Teller

BASE = "http://localhost"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox() as box:
        yield box


@pytest.fixture
def settings(settings: Settings, postbox: Postbox) -> Settings:
    mail = {"mail_url": postbox.url, "mail_from": "Common Ground <wiki@example.com>", "base_url": BASE}
    return replace(settings, posts_per_minute=10_000, mails_per_hour=10_000, **mail)


@pytest.fixture
def app(database: Database, settings: Settings, publish: Callable[..., str]) -> Flask:
    sams = owned("sams", "sam", "sales", title="What Sales does")
    publish(page("home", url=""), handing(), sams, owned("free", "", "marketing", title="Nobody’s own"))
    app = create_app(settings, database)
    app.testing = False
    return app


@pytest.fixture
def teller(app: Flask) -> Teller:
    found: Teller = app.extensions[TELLER]
    return found
