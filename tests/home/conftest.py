"""A wiki with a live home, people who are signed in, and what they suggest to one another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from by_hand import page
from flask import Flask
from talking import handing

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database

ASKS = "One slide on pricing"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, posts_per_minute=10_000)


@pytest.fixture
def app(database: Database, settings: Settings, publish: Callable[..., str]) -> Flask:
    home = replace(page("home", "", title="Home", url=""), shell="home")
    lead = page("lead", "A contact with a need.", title="Lead", kind="definition")
    publish(home, handing(), lead, **{"index.html": "<h1>As it was written</h1>"})
    app = create_app(settings, database)
    app.testing = False
    return app
