"""A forge of each kind with a wiki's repository in it, and a text that somebody would have there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from forges.forge_servers import SERVERS
from forges.repository import LINK, Repository
from forges.serving import TOKEN, Server

from kb_server.config import Settings
from kb_server.forges import asking
from kb_server.forges.choosing import forge_of
from kb_server.forges.models import Forge, Proposal

PATH, NEW, OTHER = "wiki/docs/100 % what? we #do&+.md", "wiki/docs/ä/new.md", "wiki/docs/link.md"
TEXT = "# What we do\r\n\r\nÄ text — with “all” sorts. 🙂\r\n"
BASE = "süd/main"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else the machine does: no test is about how long all of it takes."""
    monkeypatch.setattr(asking, "LONGEST_WAIT", 600)
    monkeypatch.setattr(asking, "PATIENCE", 300)


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    files = {PATH: TEXT, "README.md": "x", OTHER: "../../README.md", "wiki/docs/run.md": "# Run\n"}
    repository = Repository(tmp_path / "hub.git", files, {OTHER: LINK, "wiki/docs/run.md": "100755"})
    assert repository.branch(BASE, repository.tip("main"))
    with SERVERS[request.param](repository) as running:
        yield running


@pytest.fixture
def named(server: Server) -> Settings:
    """The settings that name this forge."""
    name = next(name for name, kind in SERVERS.items() if type(server) is kind)
    return Settings(
        forge=name, forge_url=server.url, forge_repository="example/wiki", forge_folder="wiki", forge_token=TOKEN
    )


@pytest.fixture
def forge(named: Settings) -> Forge:
    found = forge_of(named)
    assert found is not None
    return found


@pytest.fixture
def proposal(server: Server) -> Proposal:
    return Proposal(
        branch="suggestion/S-12",
        base=BASE,
        start=server.repository.tip(BASE),
        title="Say it better (closes S-12)",
        body="Why.\n\nCloses: S-12",
        message="Say it better\n\nCloses: S-12\nSuggested-by: Zoë",
        author_name="Zoë",
        author_email="zoe@example.com",
        files={PATH: TEXT.replace("text", "better text"), NEW: "# New\n"},
        new=frozenset({NEW}),
    )
