"""Two pages, and people who are signed in."""

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
def published(publish: Callable[..., str]) -> str:
    return publish(page("home", url=""), handing(), page("other", "Another page.", title="Other"))


@pytest.fixture
def somebody(client: FlaskClient, published: str) -> As:  # noqa: ARG001  -- there is something to talk about
    """Somebody by their handle, signed in; nobody without one."""
    return browsers(client.application)


@pytest.fixture
def sam(somebody: As) -> Person:
    return somebody("sam")


@pytest.fixture
def mia(somebody: As) -> Person:
    return somebody("mia")
