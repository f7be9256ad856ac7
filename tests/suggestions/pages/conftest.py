"""A wiki with a page to suggest something about, and people with browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from by_hand import page
from talking import handing


@pytest.fixture
def published(publish: Callable[..., str]) -> str:
    return publish(page("home", url=""), handing(), page("other", "Another page.", title="Other"))
