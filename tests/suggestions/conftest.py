"""A house in which people ask one another for something."""

from __future__ import annotations

import pytest
from suggesting import House

from kb_server.db import Database


@pytest.fixture
def house(database: Database) -> House:
    return House(database)
