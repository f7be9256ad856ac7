"""What a change would do to suggestions, beside what the branch it is for has by then."""

from __future__ import annotations

from pathlib import Path

import pytest
from stores import on_alone
from suggesting import House
from suggestions.test_closing import AFTER, Wiki, picked

from kb_server.db import Database
from kb_server.impact import closings
from kb_server.impact.models import Closing

pytestmark = [pytest.mark.slow, on_alone("sqlite")]


@pytest.fixture
def wiki(tmp_path: Path, database: Database) -> Wiki:
    wiki = Wiki(tmp_path / "wiki", House(database))
    wiki.house.ask("sam", "Say by when")
    return wiki


def foreseen(wiki: Wiki, base: str, head: str, title: str = "") -> list[Closing]:
    commits = [wiki.past.git("rev-parse", name) for name in (base, head)]
    return wiki.house.read(closings.foreseen, wiki.past.folder, *commits, title)


def test_what_was_merged_and_is_not_published_yet_is_no_doing_of_the_change(wiki: Wiki) -> None:
    start = wiki.past.git("rev-parse", "HEAD")
    picked(wiki)
    assert foreseen(wiki, "main", "work") == []
    change = wiki.past.git("rev-parse", "HEAD")
    assert foreseen(wiki, start, "main") == [Closing(1, "closes", change, "Say by when")]
    wiki.publish()
    assert foreseen(wiki, start, "main") == []
    wiki.on_branch("Say it elsewhere\n\nCloses: S-1", "more")
    assert foreseen(wiki, "main", "more") == []  # it is done
    wiki.past.git("switch", "-q", "-c", "back")
    wiki.past.git("revert", "--no-edit", "HEAD")
    assert [(one.number, one.what) for one in foreseen(wiki, "main", "back")] == [(1, "reopens")]


def test_the_title_of_a_pull_request_counts_beside_its_commits(wiki: Wiki) -> None:
    wiki.past.git("switch", "-q", "-c", "work")
    wiki.past.commit("Say when\n\nRefs: S-1", calls=AFTER)
    assert [one.what for one in foreseen(wiki, "main", "work")] == ["asks"]
    assert foreseen(wiki, "main", "work", "Say when, closes S-1 and S-9") == [
        Closing(1, "closes", "", "Say by when"),
        Closing(9, "unknown", ""),
    ]
