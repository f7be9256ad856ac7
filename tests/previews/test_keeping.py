"""Which previews are kept, which are built and which go; and that they give way to what is merged."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest
from by_hand import make_build, page
from following.conftest import CONFIG, Hub
from previews.conftest import Branches
from stores import on_alone

from kb_server.config import Settings
from kb_server.following import building
from kb_server.following.remote import of
from kb_server.previews import making, service, shelf
from kb_server.previews.models import Previews
from kb_server.previews.repository import Repository
from kb_server.previews.service import Previewer
from kb_server.previews.shelf import Shelf

pytestmark = on_alone("sqlite")
Look = Callable[..., Previews]


class Hand:
    """Builds quicker than MkDocs: a page that is the commit's own. What it was asked for stands in `commits`."""

    def __init__(self) -> None:
        self.commits: list[str] = []
        self.breaks = False
        self.begins: Callable[[], None] = lambda: None

    def __call__(
        self, _repository: Repository, kept: Shelf, _by: making.Trusted, commit: str, ends: Callable[[], bool]
    ) -> making.Made:
        self.begins()
        if ends():
            raise building.Ended("It was to end.")
        self.commits.append(commit)
        if self.breaks:
            raise building.Broken(("docs/more.md:1: this is wrong",))
        number = len(self.commits)
        return making.Made(make_build(kept.builds, page("more", f"{commit}, number {number}")), ())


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    hand = Hand()
    monkeypatch.setattr(making, "make", hand)
    return hand


@pytest.fixture
def look(settings: Settings, hub: Hub, hand: Hand) -> Look:  # noqa: ARG001  -- whoever looks builds by hand
    """Look once, as whoever follows does; gives what there is then."""
    previewers: dict[int, Previewer] = {}

    def once(*, most: int = 10, gives_way: Callable[[], bool] = lambda: False) -> Previews:
        previewer = previewers.setdefault(most, Previewer(replace(settings, previews=most), of(settings)))
        previewer.look(hub.past.git("rev-parse", "main"), gives_way)
        return shelf.of(settings.data_dir).known()

    return once


def builds(settings: Settings) -> int:
    return len(list(shelf.of(settings.data_dir).builds.iterdir()))


def test_those_with_the_newest_commits_are_kept_and_the_others_counted(
    branches: Branches, look: Look, hand: Hand, settings: Settings
) -> None:
    commits = {name: branches.push(name, more=f"# {name}\n") for name in ("c", "a", "b")}
    found = look(most=2)
    assert [one.name for one in found.branches] == ["b", "a"]
    assert (found.left, builds(settings)) == (1, 2)
    assert hand.commits == [commits["b"], commits["a"]]
    branches.push("c", more="# Newer\n")
    found = look(most=2)
    assert [one.name for one in found.branches] == ["c", "b"]
    assert (len(hand.commits), builds(settings)) == (3, 2)


def test_what_did_not_change_is_not_built_again_not_even_by_another_process(
    branches: Branches, look: Look, hand: Hand
) -> None:
    branches.push("draft", more="# More\n")
    assert look().branches == look().branches == look(most=9).branches
    assert len(hand.commits) == 1


def test_it_is_built_anew_where_its_configuration_is_another_one_and_not_where_texts_are(
    hub: Hub, branches: Branches, look: Look, hand: Hand
) -> None:
    branches.push("draft", more="# More\n")
    look()
    hub.push(other="# Other\n")
    look()
    assert len(hand.commits) == 1
    (hub.past.folder / "mkdocs.yml").write_text(f"{CONFIG}use_directory_urls: false\n")
    hub.push("Another look")
    look()
    assert len(hand.commits) == 2


def test_what_is_gone_or_merged_goes_with_its_build(
    hub: Hub, branches: Branches, look: Look, settings: Settings
) -> None:
    for name in ("gone", "merged"):
        branches.push(name, **{name: "# Page\n"})
    assert len(look().branches) == builds(settings) == 2
    branches.past.git("push", "-q", "origin", ":gone")
    branches.past.git("merge", "-q", "merged")
    hub.push()
    assert (look().branches, builds(settings)) == ((), 0)


def test_what_cannot_be_built_says_why_and_waits_for_its_next_commit(
    branches: Branches, look: Look, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    branches.push("draft", more="# More\n")
    hand.breaks = True
    assert look().branches[0].said == ("docs/more.md:1: this is wrong",)
    look()
    assert len(hand.commits) == 1
    with monkeypatch.context() as later:
        later.setattr(service, "AGAIN", -1.0)
        look()
    assert len(hand.commits) == 2, "it is tried again after a while, for it may have been for want of room"
    hand.breaks = False
    branches.push("draft", more="# Mended\n")
    assert not look().branches[0].is_broken


def test_what_is_merged_comes_first(branches: Branches, look: Look, hand: Hand) -> None:
    branches.push("draft", more="# More\n")
    assert look(gives_way=lambda: True).branches == (), "before all branches are gone through"
    later = iter([False, True])
    waiting = look(gives_way=lambda: next(later)).branches[0]
    assert (waiting.build, waiting.is_behind, hand.commits) == ("", True, [])
    assert not look().branches[0].is_behind


def test_a_preview_that_somebody_has_removed_is_built_again(
    branches: Branches, look: Look, hand: Hand, settings: Settings
) -> None:
    branches.push("draft", more="# More\n")
    look()
    shutil.rmtree(shelf.of(settings.data_dir).builds)
    look()
    assert (builds(settings), len(hand.commits)) == (1, 2)


def test_what_cannot_be_looked_at_stays_as_it_was(
    hub: Hub, branches: Branches, look: Look, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    branches.push("draft", more="# More\n")
    look()
    away = hub.bare.rename(hub.bare.with_name("away.git"))
    found = look()
    assert ([one.name for one in found.branches], builds(settings), bool(found.trouble)) == (["draft"], 1, True)
    away.rename(hub.bare)
    assert look().trouble  # it is not asked again at once
    monkeypatch.setattr(service, "PAUSE", 0.0)
    hub.push("Something is merged")
    assert not look().trouble


def test_whatever_goes_wrong_following_goes_on_and_whoever_runs_the_wiki_hears_of_it(
    branches: Branches, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    branches.push("draft", more="# More\n")
    monkeypatch.setattr(making, "make", lambda *_: 1 / 0)
    assert "the log has it" in look().trouble


def test_what_builds_leave_behind_is_bounded(
    branches: Branches, look: Look, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    branches.push("draft", more="# More\n")
    left = shelf.of(settings.data_dir).work / "cache" / "left"
    left.parent.mkdir(parents=True)
    left.touch()
    look()
    assert left.exists(), "the next build is quicker by it"
    branches.push("draft", more="# Once more\n")
    monkeypatch.setattr(service, "MOST_CACHED", -1)
    look()
    assert not left.exists()


def test_none_is_built_where_it_would_take_the_last_room_on_the_disk(
    branches: Branches, look: Look, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    branches.push("draft", more="# More\n")
    monkeypatch.setattr(service, "LEAST_FREE", 1 << 40)
    found = look()
    assert ("left on the disk" in found.trouble, hand.commits) == (True, [])
    assert [one.name for one in found.branches] == ["draft"], "what there is stands in the list all the same"


def test_of_what_all_have_together_the_oldest_go_first(
    hub: Hub, branches: Branches, look: Look, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("oldest", "old", "new"):
        branches.push(name, more=f"# {name}\n")
    monkeypatch.setattr(shelf, "megabytes", lambda folder: 6 if folder.is_dir() else 0)
    monkeypatch.setattr(service, "MOST_BUILT", 11)
    assert [(one.name, one.is_left_out) for one in look().branches] == [("new", False), ("old", True), ("oldest", True)]
    assert len(hand.commits) == 3
    hub.push(other="# Other\n")
    look()
    branches.past.git("push", "-q", "origin", ":oldest")
    look()
    assert len(hand.commits) == 3, "it is not built over and over, to be thrown away"
    branches.past.git("push", "-q", "origin", ":new")
    assert [(one.name, one.is_left_out) for one in look().branches] == [("old", False)]


def test_a_build_that_takes_the_last_room_on_the_disk_is_ended_and_goes(
    branches: Branches, look: Look, hand: Hand, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    branches.push("draft", more="# More\n")
    built = shelf.of(settings.data_dir).work / "builds" / ".new-1" / "page"

    def fill() -> None:
        built.parent.mkdir(parents=True)
        built.write_bytes(bytes(2 << 20))
        monkeypatch.setattr(service, "LEAST_FREE", 1 << 40)

    hand.begins = fill
    found = look()
    assert (found.branches[0].said, found.trouble) == ((service.FULL.format(most=1 << 40),), "")
    assert not built.exists()
    branches.push("other", more="# Other\n")
    assert look().trouble == service.FULL.format(most=1 << 40)


@pytest.mark.parametrize("how", [{"previews": 0}, {"auth": "none"}], ids=str)
def test_a_wiki_may_have_none_and_where_nobody_signs_in_it_has_none(
    hub: Hub, branches: Branches, look: Look, settings: Settings, how: dict[str, object]
) -> None:
    branches.push("draft", more="# More\n")
    look()
    off = replace(settings, **how)  # type: ignore[arg-type]
    Previewer(off, of(off)).look(hub.past.git("rev-parse", "main"), lambda: False)
    assert not shelf.of(settings.data_dir).home.exists()


@pytest.mark.parametrize(
    "text",
    [
        "plugins: [kb, macros]",
        "plugins:\n  - kb\n  - material/privacy: {enabled: true}",
        "plugins:\n  - material/group: {enabled: !ENV [CI, false], plugins: [macros]}\n  - kb",
        "markdown_extensions:\n  - pymdownx.snippets: {restrict_base_path: false}",
        "markdown_extensions:\n  - pymdownx.snippets: {base_path: [docs, /etc]}",
        "markdown_extensions: [plantuml_markdown]",
    ],
)
def test_where_a_text_could_run_something_none_is_built(
    hub: Hub, branches: Branches, settings: Settings, text: str
) -> None:
    (hub.past.folder / "mkdocs.yml").write_text(f"site_name: A wiki\n{text}\n")
    hub.push()
    branches.push("draft", more="# More\n")
    Previewer(settings, of(settings)).look(hub.past.git("rev-parse", "main"), lambda: False)
    (said,) = shelf.of(settings.data_dir).known().branches[0].said
    assert "So there are no previews of this wiki" in said


def test_snippets_from_the_repository_stand_in_no_previews_way(hub: Hub, settings: Settings) -> None:
    extension = "markdown_extensions:\n  - pymdownx.snippets: {base_path: [., docs]}\n"
    (hub.past.folder / "mkdocs.yml").write_text(f"site_name: A wiki\n{extension}")
    repository = Repository(of(settings), shelf.of(settings.data_dir).home)
    repository.fetch(repository.heads())
    assert making.trusted(repository, hub.push()).refusal == ""
    assert list(repository.home.iterdir()) == [repository.clone], "nothing of it stays laid out"
