"""Killed while publishing, while indexing, while people talk: see `torture`. ``make torture`` does it fifty times."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from faults.torture import Torture

from kb_server.config import Settings

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("store_kind", "engine", "times"), [("sqlite", "whoosh", 3), ("postgresql", "database", 2)], indirect=["store_kind"]
)
def test_whatever_is_killed_the_next_start_finds_all_in_order(settings: Settings, engine: str, times: int) -> None:
    chance = random.Random(20261121)
    torture = Torture(replace(settings, search_engine=engine), chance)
    for number in chance.sample(range(6), times):
        torture.round(number=number)
    torture.look_once_more()
