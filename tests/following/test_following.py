"""What is merged is published by itself, whatever becomes of the repository, the remote or the process."""

from __future__ import annotations

import pytest
from following.conftest import Hub

from kb_server.builds import service as builds
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.following import service
from kb_server.following.service import Follower

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def text() -> str:
    return ""


def read(database: Database, settings: Settings, page: str = "") -> str:
    current = builds.current(database, settings)
    return (current.root / page / "index.html").read_text()


@pytest.mark.parametrize("store_kind", ["sqlite"], indirect=True)
def test_a_merge_is_fetched_built_and_published(
    hub: Hub, follower: Follower, database: Database, settings: Settings
) -> None:
    first = hub.past.git("rev-parse", "HEAD")
    assert follower.look()
    assert "Welcome." in read(database, settings)
    assert service.status(database).commit == first
    second = hub.push(index="# Home\n\nChanged.\n")
    assert follower.look()
    assert "Changed." in read(database, settings)
    assert builds.current(database, settings).manifest.commit == second
