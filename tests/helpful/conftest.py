"""The page of conversations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from by_hand import page
from talking import handing


@pytest.fixture
def published(publish: Callable[..., str]) -> str:
    return publish(page("home", url=""), handing())
