"""A wiki that is followed, with a live build, and the browsers of those who may see what is on its branches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from following.conftest import Hub, follower, hub
from talking import As, browsers

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.following.service import Follower
from kb_server.previews.service import Previewer

__all__ = ["follower", "hub"]


class Branches:
    """What somebody does on branches."""

    def __init__(self, hub: Hub) -> None:
        self.past = hub.past

    def push(self, branch: str, subject: str = "Work", **pages: str | None) -> str:
        """Begin a branch at main, or go on with it, and push it; gives the commit."""
        known = self.past.git("for-each-ref", "--format=%(refname)", f"refs/heads/{branch}")
        if known:
            self.past.git("checkout", "-q", branch)
        else:
            self.past.git("checkout", "-q", "-b", branch, "main")
        commit = self.past.commit(subject, **pages)
        self.past.git("push", "-q", "--force", "origin", f"refs/heads/{branch}:refs/heads/{branch}")
        self.past.git("checkout", "-q", "main")
        return commit


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """What follows, where a test has somebody push."""
    if "hub" not in request.fixturenames:
        return settings
    return replace(settings, follow_url=request.getfixturevalue("hub").url, follow_seconds=1)


@pytest.fixture
def branches(hub: Hub) -> Branches:
    return Branches(hub)


@pytest.fixture
def previewer(follower: Follower, settings: Settings) -> Previewer:
    return Previewer(settings, follower.remote)


@pytest.fixture
def look(follower: Follower, previewer: Previewer) -> Callable[[], None]:
    """Do what `kb follow --once` does."""
    follower.besides = previewer.look

    def once() -> None:
        follower.look()
        follower.look_besides()

    return once


@pytest.fixture
def as_(database: Database, settings: Settings) -> As:
    return browsers(create_app(settings, database))
