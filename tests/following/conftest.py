"""A wiki, the repository people push it to, and a server's folder that follows that repository."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pasts import Past

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.following.service import Follower

CONFIG = "site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\n"
TEAMS = """\
teams:
  sales: {name: Sales, hue: blue, speakers: [sam]}
people:
  sam: {name: Sam Ode, email: sam@example.com, teams: [sales]}
  mia: {name: Mia Park, email: mia@example.com}
  ada: {name: Ada Rook, email: ada@example.com}
admins: [ada]
"""


class Hub:
    """What people push to: a bare repository, and somebody's clone of it."""

    def __init__(self, folder: Path) -> None:
        self.bare, self.past = folder / "hub.git", Past(folder / "desk")
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(self.bare)], check=True)
        (self.past.folder / "mkdocs.yml").write_text(CONFIG)
        (self.past.folder / "teams.yml").write_text(TEAMS)
        self.past.git("remote", "add", "origin", str(self.bare))
        self.past.git("config", "push.default", "current")

    @property
    def url(self) -> str:
        return f"file://{self.bare}"

    def push(self, subject: str = "Work", **pages: str | None) -> str:
        """Commit and push; gives the commit."""
        commit = self.past.commit(subject, **pages)
        self.past.git("push", "-q", "--force", "origin", "main")
        return commit


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    hub = Hub(tmp_path / "git")
    hub.push("Begin", index="# Home\n\nWelcome.\n")
    return hub


@pytest.fixture
def settings(settings: Settings, hub: Hub) -> Settings:
    return replace(settings, follow_url=hub.url, follow_seconds=1)


@pytest.fixture
def follower(database: Database, settings: Settings) -> Follower:
    return Follower(database, settings, lambda: False)
