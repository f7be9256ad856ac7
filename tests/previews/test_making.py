"""What stands in the way of one preview is said of its branch, is bounded, and is in no other one's way."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from by_hand import make_build, page
from following.conftest import Hub
from previews.conftest import Branches
from stores import on_alone

from kb_server.builds.taking import Most
from kb_server.config import Settings
from kb_server.following import building
from kb_server.following.remote import of
from kb_server.pages.manifest import Page
from kb_server.previews import making, shelf
from kb_server.previews.repository import Repository
from kb_server.previews.shelf import Shelf
from kb_server.web.build import load

pytestmark = on_alone("sqlite")


class Bench:
    """Where a branch that was pushed is made into a preview."""

    def __init__(self, hub: Hub, branches: Branches, settings: Settings) -> None:
        self.hub, self.branches = hub, branches
        self.shelf: Shelf = shelf.of(settings.data_dir)
        self.shelf.builds.mkdir(parents=True)
        self.repository = Repository(of(settings), self.shelf.home)
        self.tip = branches.push("draft", more="# More\n\nText.\n", other="# Other\n")

    def made(self) -> making.Made:
        self.repository.fetch(self.repository.heads())
        by = making.trusted(self.repository, self.hub.past.git("rev-parse", "main"))
        return making.make(self.repository, self.shelf, by, self.tip, lambda: False)

    def said(self) -> str:
        """Why it cannot be made."""
        with pytest.raises(building.Broken) as broken:
            self.made()
        (said,) = broken.value.said
        assert str(self.shelf.home) not in said, "no folder of the server's is told"
        assert [one.name for one in self.shelf.home.iterdir() if one.name == "trees"] == []
        return said

    def by_hand(self, monkeypatch: pytest.MonkeyPatch, *pages: Page) -> str:
        """Let what is built be pages that are quickly made; gives the build's id."""
        (self.shelf.work / "builds").mkdir(parents=True, exist_ok=True)
        built = make_build(self.shelf.work / "builds", *pages)
        monkeypatch.setattr(building, "build", lambda *_, **__: built)
        return built


@pytest.fixture
def bench(hub: Hub, branches: Branches, settings: Settings) -> Bench:
    return Bench(hub, branches, settings)


def test_a_branch_that_has_too_much_is_not_built(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST", Most(files=2, megabytes=1))
    assert "at most 2 files" in bench.said()


def test_a_preview_that_is_too_large_or_has_too_much_text_is_not_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, said in (("LARGEST", "Built, it has 0 MB"), ("MOST_TEXT", "Built, its texts have 0 MB")):
        built = bench.by_hand(monkeypatch)
        with monkeypatch.context() as less:
            less.setattr(making, name, -1)
            assert said in bench.said()
        assert not (bench.shelf.work / "builds" / built).exists()


def test_what_git_says_is_told_without_the_servers_folders(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = making.trusted

    def spoilt(repository: Repository, commit: str) -> making.Trusted:
        found = usual(repository, commit)
        shutil.rmtree(repository.clone)
        return found

    monkeypatch.setattr(making, "trusted", spoilt)
    assert "cannot change to 'clone'" in bench.said()


def test_two_branches_that_say_the_same_have_one_build_and_it_stays_whole(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [bench.made() for _ in range(2) if bench.by_hand(monkeypatch)]
    assert made[0] == made[1]
    assert [one.name for one in bench.shelf.builds.iterdir()] == [made[0].build]
    assert load(bench.shelf.builds / made[0].build)
    assert list((bench.shelf.work / "builds").iterdir()) == []


def test_the_pages_a_branch_changes_are_named_and_not_all_of_many(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [
        replace(page(name, title=name.title()), source_path=f"docs/{name}.md") for name in ("index", "more", "other")
    ]
    for most, named in ((20, (("more/", "More"), ("other/", "Other"))), (1, (("more/", "More"),))):
        bench.by_hand(monkeypatch, *there)
        monkeypatch.setattr(making, "MOST_PAGES", most)
        assert bench.made().pages == named
