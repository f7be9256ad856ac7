"""What is kept between builds: only new commits are read, and nothing that is damaged or no longer true is believed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from pasts import Past, prose

from kb_server.wiki.past import building
from kb_server.wiki.past.reading import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from kb_server.pages.history import History

TEXT = f"# Leads\n\n{prose(1)}\n\n## Score\n\n{prose(2)}\n"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    past = Past(tmp_path / "wiki")
    past.folder.joinpath(".gitignore").write_text(".kb\n", encoding="utf-8")
    past.commit(old=TEXT)
    past.commit(old=None, new=TEXT)
    return past


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The subjects of the commits that were read, in order."""
    subjects: list[str] = []
    walk = building.walk

    def noting(ledger: building.Ledger, commits: list[building.Commit], versions: building.Versions) -> None:
        subjects.extend(commit.subject for commit in commits)
        walk(ledger, commits, versions)

    monkeypatch.setattr(building, "walk", noting)
    return subjects


def anew(past: Past) -> History:
    """The history as it is worked out without anything kept."""
    for file in (past.folder / ".kb").glob("*"):
        file.unlink()
    return past.history()


def test_only_new_commits_are_read(past: Past, read: list[str]) -> None:
    past.history()
    read.clear()
    past.commit("Third", third="# Third\n")
    past.history()
    past.history()
    assert read == ["Third"]


def test_reading_in_many_goes_gives_the_same_as_reading_at_once(past: Past) -> None:
    past.history()
    past.git("checkout", "-q", "-b", "side")
    past.commit(new=None, newer=TEXT)
    past.commit(newer=TEXT.replace("## Score", "## Points"))
    past.git("checkout", "-q", "main")
    past.commit(index="# Home\n")
    past.history()
    past.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    past.history()
    past.commit(index=None)
    past.history()
    past.commit(newest=TEXT, newer=None)
    bit_by_bit = past.history()
    assert bit_by_bit == anew(past)
    assert bit_by_bit.addresses["old/"].now


def test_rewritten_history_is_noticed(past: Past) -> None:
    past.history()
    past.git("reset", "-q", "--hard", "HEAD~1")
    past.commit(old=None, other=TEXT)
    assert past.page("old/") == "other"
    assert "new/" not in past.history().addresses


def test_another_branch_goes_on_from_where_it_left_the_first(past: Past, read: list[str]) -> None:
    past.history()
    past.git("checkout", "-q", "-b", "side")
    past.commit("Side", side="# Side\n")
    past.history()
    past.git("checkout", "-q", "main")
    past.commit("Main", main="# Main\n")
    read.clear()
    past.history()
    assert read == ["Main"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"files": {"a": 1}}', "null"])
@pytest.mark.parametrize("kind", ["ledger-*.json", "ledger-*.bodies", "today-*.json"])
def test_what_is_damaged_is_made_anew(past: Past, kind: str, damage: str) -> None:
    whole = past.history()
    (file,) = (past.folder / ".kb").glob(kind)
    file.write_text(damage, encoding="utf-8")
    past.commit("Fourth", fourth="# Fourth\n")
    found = past.history()
    assert found.addresses["old/"] == whole.addresses["old/"]
    assert found == anew(past)


def test_only_a_few_are_kept(past: Past) -> None:
    for number in range(5):
        past.commit(**{f"page{number}": "# Page\n"})
        past.history()
    assert len(list((past.folder / ".kb").glob("ledger-*.json"))) == 3
    assert len(list((past.folder / ".kb").glob("ledger-*.bodies"))) == 3


def test_a_cache_that_cannot_be_written_stops_nothing(past: Past) -> None:
    past.folder.joinpath(".kb").write_text("not a folder", encoding="utf-8")
    assert past.page("old/") == "new"


def test_commits_come_parents_first_and_a_side_branch_before_its_merge(past: Past) -> None:
    past.git("checkout", "-q", "-b", "side")
    past.commit("Side")
    past.git("checkout", "-q", "main")
    past.commit("Main")
    past.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    found = [commit.subject for commit in Repository(past.folder).commits(lambda _: True)]
    assert found == ["Work", "Work", "Main", "Side", "Merge"]


@pytest.mark.parametrize("subject", ["", "\x01\x02 odd", ":100644 000000", "Größe 日本"])
def test_whatever_a_commit_says_can_be_read(past: Past, subject: str) -> None:
    past.write(new=None)
    past.git("add", "-A")
    past.git("commit", "-q", "--allow-empty-message", "-m", subject)
    removed = past.address("new/").removed
    assert removed
    assert removed.why == subject


def test_a_file_whose_name_is_no_text_stops_nothing(past: Past) -> None:
    name = os.fsencode(past.docs) + b"/\xff\xfe.md"
    with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123  -- a Path would refuse the name
        file.write("# Odd\n")
    past.git("add", "-A")
    past.git("commit", "-q", "-m", "Odd")
    os.unlink(name)  # noqa: PTH108
    past.commit("Away")
    assert past.page("old/") == "new"
