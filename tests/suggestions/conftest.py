"""A house in which people ask one another for something, and the same over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from by_hand import page
from suggesting import House
from talking import handing

from kb_server.config import Settings
from kb_server.db import Database


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, posts_per_minute=10_000)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


@pytest.fixture
def published(publish: Callable[..., str]) -> str:
    return publish(page("home", url=""), handing())
