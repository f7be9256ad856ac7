"""A wiki with a page to suggest something about, and people with browsers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from by_hand import page
from flask.testing import FlaskClient
from talking import As, Person, browsers, handing

from kb_server.config import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, posts_per_minute=10_000)


@pytest.fixture
def somebody(client: FlaskClient, publish: Callable[..., str]) -> As:
    """Somebody by their handle, signed in; nobody without one."""
    publish(page("home", url=""), handing(), page("other", "Another page.", title="Other"))
    return browsers(client.application)


@pytest.fixture
def sam(somebody: As) -> Person:
    return somebody("sam")


@pytest.fixture
def mia(somebody: As) -> Person:
    return somebody("mia")
