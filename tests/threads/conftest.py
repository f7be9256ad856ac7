"""Two pages, and people who are signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from by_hand import page
from talking import handing

from kb_server.config import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, posts_per_minute=10_000)


@pytest.fixture
def published(publish: Callable[..., str]) -> str:
    return publish(page("home", url=""), handing(), page("other", "Another page.", title="Other"))
