"""A wiki with a page to suggest something about, and people with browsers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from by_hand import page
from flask.testing import FlaskClient
from talking import As, Person, handing

from kb_server.config import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, posts_per_minute=10_000)


@pytest.fixture
def somebody(client: FlaskClient, publish: Callable[..., str]) -> As:
    """Somebody by their handle, signed in; nobody without one."""
    publish(page("home", url=""), handing(), page("other", "Another page.", title="Other"))

    def come(handle: str = "") -> Person:
        person = Person(client.application.test_client())
        if handle:
            assert person.post("/sign-in/", handle=handle).status_code == 303
        return person

    return come


@pytest.fixture
def sam(somebody: As) -> Person:
    return somebody("sam")


@pytest.fixture
def mia(somebody: As) -> Person:
    return somebody("mia")
