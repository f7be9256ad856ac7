"""The server follows by itself: a merge is live soon after the forge has called, however often it calls."""

from __future__ import annotations

import logging
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import processes
import pytest
from allowing import Span
from following.conftest import Hub
from stores import on_alone

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.following import service
from kb_server.following.service import Follower

pytestmark = pytest.mark.slow
SECRET = "0123456789abcdef0123456789abcdef"
CALL = {"X-Gitlab-Token": SECRET}
MORE = 5.0
"""Seconds that it may take beyond the build."""


def until(there: Callable[[], bool], seconds: float = 300.0) -> float:
    """Seconds until it is so."""
    began = time.monotonic()
    while not there():
        assert time.monotonic() - began < seconds, "it was never so"
        time.sleep(0.05)
    return time.monotonic() - began


def says(address: str, text: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=processes.PATIENCE) as answer:
            return text in answer.read().decode()
    except OSError:
        return False


def follows(data: Path) -> bool:
    """Whether anybody follows in this folder: the one who does has the lock."""
    settings = Settings(data_dir=data)
    with service.alone(settings, lambda: True) as is_first:
        return not is_first


@pytest.mark.alone
def test_a_merge_is_live_within_its_build_and_five_seconds(hub: Hub, tmp_path: Path) -> None:
    data = tmp_path / "served"
    following = {"KB_FOLLOW": "yes", "KB_FOLLOW_URL": hub.url, "KB_FOLLOW_SECRET": SECRET, "KB_FOLLOW_SECONDS": "3600"}
    processes.publish(data, hub.past.folder / "mkdocs.yml")
    server, address = processes.start(data, config=hub.past.folder / "mkdocs.yml", **following)
    database = Database(f"sqlite:///{data / 'kb.sqlite3'}")
    try:
        until((data / "follow" / "live").exists)
        commit = hub.push(index="# Home\n\nMerged.\n")
        call = urllib.request.Request(f"{address}hooks/follow", data=b"{}", headers=CALL, method="POST")
        with urllib.request.urlopen(call, timeout=processes.PATIENCE) as answer:
            assert answer.status == 202
        span = Span()
        took = until(lambda: says(address, "Merged."))
        until(lambda: service.status(database).commit == commit)
        built = service.status(database).seconds
    finally:
        server.kill()  # as hard as can be: who follows ends by itself
        server.communicate()
        database.close()
    assert 0 < built < took < built + span.allows(MORE)
    until(lambda: not follows(data))


class Counting(Follower):
    """One who counts how often it looks."""

    looks = 0

    def look(self) -> bool:
        self.looks += 1
        return super().look()


@on_alone("sqlite")
def test_fifty_calls_cost_one_build(
    hub: Hub, settings: Settings, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "kb.follow")
    settings = replace(settings, follow_secret=SECRET, follow_seconds=3600)
    ended = threading.Event()
    follower = Counting(database, settings, ended.is_set)
    client = create_app(settings, database).test_client()
    thread = threading.Thread(target=follower.run)
    thread.start()
    try:
        until(lambda: bool(service.live(database)))
        commit = hub.push(index="# Home\n\nMerged.\n")
        for _ in range(50):
            assert client.post("/hooks/follow", data=b"{}", headers=CALL).status_code == 202
        until(lambda: service.status(database).commit == commit)
        for _ in range(2):  # two looks more, of which the first is over when the second begins
            seen = follower.looks
            client.post("/hooks/follow", data=b"{}", headers=CALL)
            until(lambda: follower.looks > seen)  # noqa: B023  -- called at once
        assert follower.looks < 10
    finally:
        ended.set()
        thread.join()
    assert caplog.text.count("is built now") == 2  # the first one, and the merge
