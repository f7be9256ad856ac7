"""Whatever way a change comes in by, it closes a suggestion once; taking it back reopens it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from by_hand import page
from pasts import Past
from stores import on_alone
from suggesting import House

from kb_server.db import meta
from kb_server.pages.manifest import Page
from kb_server.suggestions import reading
from kb_server.suggestions.closing import ending, publishing, storage, view
from kb_server.suggestions.models import Filter, Suggestion

pytestmark = [pytest.mark.slow, on_alone("sqlite")]
BEFORE = "# Calls\n\nSales calls back soon.\n\n## More\n\nNothing.\n"
AFTER = BEFORE.replace("soon", "within a day")


class Wiki:
    """A wiki in git, whose main branch is published, and what people ask for in it."""

    def __init__(self, folder: Path, house: House) -> None:
        self.house, self.past = house, Past(folder)
        self.past.commit("Begin", calls=BEFORE)
        self.publish()

    def publish(self, head: str = "HEAD", branch: str = "main", pages: tuple[Page, ...] = ()) -> None:
        """Publish a commit."""
        commit = self.past.git("rev-parse", head)
        with self.house.database.read() as connection:
            plan = publishing.plan(connection, self.past.folder, commit, branch, pages)
        with self.house.database.transaction() as connection:
            publishing.publish(connection, plan, self.house.roster, self.house.now)

    def on_branch(self, message: str = "Say when\n\nCloses: S-1", name: str = "work") -> str:
        """Change the page on a branch of its own, and come back to main."""
        self.past.git("switch", "-q", "-c", name)
        commit = self.past.commit(message, calls=AFTER)
        self.past.git("switch", "-q", "main")
        return commit

    def ends(self) -> list[str]:
        """How often it was closed and reopened, in order."""
        return [line["verb"] for line in self.house.log("finished", "reopened")]


@pytest.fixture
def wiki(tmp_path: Path, house: House) -> Wiki:
    return Wiki(tmp_path / "wiki", house)


@pytest.fixture
def one(wiki: Wiki) -> Suggestion:
    return wiki.house.ask("sam")


def merged(wiki: Wiki) -> None:
    wiki.on_branch()
    wiki.past.git("merge", "-q", "--no-ff", "-m", "Merge pull request #5 from sam/work\n\nSay when, closes S-1", "work")


def squashed(wiki: Wiki) -> None:
    wiki.on_branch("Say when")
    wiki.past.git("merge", "-q", "--squash", "work")
    wiki.past.commit("Say when (#5)\n\n* Say when\n\n  Closes: S-1")


def rebased(wiki: Wiki) -> None:
    wiki.on_branch()
    wiki.past.commit("Elsewhere", other="# Other\n")
    wiki.past.git("rebase", "-q", "main", "work")
    wiki.past.git("switch", "-q", "main")
    wiki.past.git("merge", "-q", "--ff-only", "work")


def picked(wiki: Wiki) -> None:
    wiki.past.git("cherry-pick", wiki.on_branch())


WAYS = (merged, squashed, rebased, picked)


@pytest.mark.parametrize("way", WAYS)
def test_a_change_closes_it_once_whatever_way_it_comes_in_by(
    wiki: Wiki, one: Suggestion, way: Callable[[Wiki], None]
) -> None:
    way(wiki)
    wiki.publish()
    wiki.publish()
    assert wiki.house.one(one).state == "done"
    (line,) = wiki.house.log("finished", "reopened")
    assert (line["verb"], line["made_by"]) == ("finished", wiki.house.id("sam"))


@pytest.mark.parametrize("way", WAYS)
def test_a_second_copy_of_the_change_does_not_close_again_what_somebody_reopened(
    wiki: Wiki, one: Suggestion, way: Callable[[Wiki], None]
) -> None:
    way(wiki)
    wiki.publish()
    wiki.house.act("sam", one, "reopen", words="Not on the form")
    wiki.past.git("merge", "-q", "--no-ff", "-X", "ours", "-m", "Merge branch 'work'", "work")
    wiki.publish()
    assert wiki.ends() == ["finished", "reopened"]


def test_what_it_changed_is_kept(wiki: Wiki, one: Suggestion) -> None:
    merged(wiki)
    wiki.publish()
    (changed,) = wiki.house.read(storage.changes_of, one.number)
    assert (changed.before, changed.after) == ("Sales calls back soon.", "Sales calls back within a day.")


def test_of_a_page_that_is_new_readers_see_the_text_and_not_what_it_says_about_itself(
    wiki: Wiki, one: Suggestion
) -> None:
    wiki.past.commit(
        "Say it\n\nCloses: S-1", fairs="---\nid: fairs\nkind: practice\n---\n\n## At fairs\n\nNote: we go.\n"
    )
    wiki.publish()
    (change,) = wiki.house.read(lambda connection: view.landed(connection, wiki.house.one(one), {}).changes)
    shown = re.sub(r"</?ins>", "", change.after)
    assert (change.before, shown.split()) == ("", ["At", "fairs", "Note:", "we", "go."])


@pytest.mark.usefixtures("one")
def test_it_is_ended_by_the_change_and_not_by_the_merge_that_says_so_again(wiki: Wiki) -> None:
    commit = wiki.on_branch()
    wiki.past.git("merge", "-q", "--no-ff", "-m", "Merge branch 'work' into 'main'\n\nSay when, closes S-1", "work")
    wiki.publish()
    assert [line["commit"] for line in wiki.house.log("finished")] == [commit]


def test_it_counts_among_what_improved_the_page_that_was_changed(wiki: Wiki, one: Suggestion) -> None:
    merged(wiki)
    wiki.publish(pages=(replace(page("calls"), source_path="docs/calls.md"),))
    assert wiki.house.read(reading.on_page, "calls").improved == {"sales": 1}
    assert [found.number for found in wiki.house.read(reading.listed, Filter(page="calls"))] == [one.number]


def test_taking_a_change_back_reopens_it_and_taking_that_back_closes_it_again(wiki: Wiki, one: Suggestion) -> None:
    merged(wiki)
    wiki.publish()
    wiki.past.git("revert", "--no-edit", "-m", "1", "HEAD")
    wiki.publish()
    assert wiki.house.one(one).state == "waiting"
    wiki.past.git("revert", "--no-edit", "HEAD")
    wiki.publish()
    assert wiki.ends() == ["finished", "reopened", "finished"]


@pytest.mark.usefixtures("one")
def test_a_change_may_be_taken_back_and_brought_again_as_often_as_one_likes(wiki: Wiki) -> None:
    picked(wiki)
    change = wiki.past.git("rev-parse", "HEAD")
    wiki.publish()
    for _ in "ab":  # the second time each of these changes the very same as the first time
        wiki.past.git("revert", "--no-edit", change)
        wiki.past.time += 60
        wiki.past.git("revert", "--no-edit", "HEAD")
        wiki.past.time += 60
    wiki.publish()
    assert wiki.house.one(1).state == "done"


def test_taking_back_a_merge_takes_back_what_it_brought_in(wiki: Wiki, one: Suggestion) -> None:
    wiki.on_branch()
    wiki.past.git("merge", "-q", "--no-ff", "-m", "Merge branch 'work'", "work")
    wiki.publish()
    wiki.past.git("revert", "--no-edit", "-m", "1", "HEAD")
    wiki.publish()
    assert wiki.house.one(one).state == "waiting"
    assert wiki.ends() == ["finished", "reopened"]


def test_the_same_change_under_another_title_is_no_other_change(wiki: Wiki, one: Suggestion) -> None:
    start = wiki.past.git("rev-parse", "HEAD")
    picked(wiki)
    wiki.publish()
    wiki.house.act("sam", one, "reopen", words="Not on the form")
    wiki.past.git("switch", "-q", "-c", "copy", start)
    wiki.past.commit("Say by when, at last\n\nCloses: S-1", calls=AFTER)
    wiki.past.git("switch", "-q", "main")
    wiki.past.git("merge", "-q", "--no-ff", "-m", "Merge branch 'copy'", "copy")
    wiki.publish()
    assert wiki.ends() == ["finished", "reopened"]


def test_a_change_whose_revert_was_taken_back_is_known_as_before(wiki: Wiki, one: Suggestion) -> None:
    picked(wiki)
    for _ in "ab":
        wiki.past.git("revert", "--no-edit", "HEAD")
    wiki.publish()
    wiki.house.act("sam", one, "reopen", words="Not on the form")
    wiki.past.git("merge", "-q", "--no-ff", "-X", "ours", "-m", "Merge branch 'work'", "work")
    wiki.publish()
    assert wiki.ends() == ["finished", "reopened"]


def test_a_forge_that_names_no_commit_when_it_takes_a_change_back_is_understood(wiki: Wiki, one: Suggestion) -> None:
    squashed(wiki)
    wiki.publish()
    wiki.past.commit('Revert "Say when (#5)" (#6)\n\nReverts wiki/wiki#5', calls=BEFORE)
    wiki.publish()
    assert wiki.house.one(one).state == "waiting"
    assert wiki.ends() == ["finished", "reopened"]


def test_what_is_taken_back_before_anybody_saw_it_never_happened(wiki: Wiki, one: Suggestion) -> None:
    picked(wiki)
    wiki.past.git("revert", "--no-edit", "HEAD")
    wiki.publish()
    assert wiki.ends() == []
    assert wiki.house.one(one).state == "waiting"


def test_a_branch_closes_nothing_until_it_is_merged(wiki: Wiki, one: Suggestion) -> None:
    wiki.on_branch()
    wiki.publish("work")
    assert wiki.house.one(one).state == "waiting"
    wiki.past.git("merge", "-q", "work")
    wiki.publish()
    assert wiki.ends() == ["finished"]


def test_a_reference_asks_whether_it_is_finished_and_is_answered_once(wiki: Wiki, one: Suggestion) -> None:
    wiki.past.commit("Say when\n\nRefs: S-1", calls=AFTER)
    wiki.publish()
    assert [line["verb"] for line in wiki.house.log("referred")] == ["referred"]
    assert wiki.house.read(storage.asking, one.number)
    wiki.house.do(ending.keep_open, "mia", one)
    assert wiki.house.read(storage.asking, one.number) is None


def test_going_back_to_an_earlier_build_reopens_nothing(wiki: Wiki, one: Suggestion) -> None:
    picked(wiki)
    wiki.publish()
    wiki.publish("HEAD^")
    wiki.publish()
    assert wiki.ends() == ["finished"]
    assert wiki.house.one(one).state == "done"


def test_history_that_was_rewritten_closes_nothing_anew(wiki: Wiki, one: Suggestion) -> None:
    picked(wiki)
    wiki.publish()
    wiki.house.act("sam", one, "reopen", words="Not on the form")
    wiki.past.git("checkout", "-q", "--orphan", "anew")
    wiki.past.commit("Begin again")
    wiki.past.git("cherry-pick", "--allow-empty", "--keep-redundant-commits", "-X", "theirs", "work")
    wiki.past.git("branch", "-f", "main", "anew")
    wiki.past.git("reflog", "expire", "--expire=now", "--all")
    wiki.publish("anew")
    assert wiki.ends() == ["finished", "reopened"]


def test_history_that_was_rewritten_while_git_still_knows_the_old_one_closes_nothing_anew(
    wiki: Wiki, one: Suggestion
) -> None:
    start = wiki.past.git("rev-parse", "HEAD")
    picked(wiki)
    wiki.past.git("revert", "--no-edit", "HEAD")
    wiki.past.commit("Elsewhere", other="# Other\n")
    wiki.publish()
    wiki.past.git("switch", "-q", "-c", "anew", start)
    wiki.past.commit("Come first", first="# First\n")
    wiki.past.git("cherry-pick", f"{start}..main")
    wiki.past.git("branch", "-f", "main", "anew")
    wiki.publish()
    assert wiki.ends() == []
    assert wiki.house.one(one).state == "waiting"


@pytest.mark.usefixtures("one")
def test_taking_back_a_copy_takes_back_the_change(wiki: Wiki) -> None:
    commit = wiki.on_branch()
    wiki.past.git("merge", "-q", "--squash", "work")
    wiki.past.commit("Say by when (#5)\n\nCloses: S-1")
    wiki.past.git("merge", "-q", "--no-ff", "-m", "Merge branch 'work'", "work")
    wiki.publish()
    assert wiki.ends() == ["finished"]
    wiki.past.git("revert", "--no-edit", commit)
    wiki.publish()
    assert wiki.ends() == ["finished", "reopened"]


@pytest.mark.usefixtures("one")
def test_a_copy_that_came_in_while_the_change_held_is_known_when_it_is_read_again(wiki: Wiki) -> None:
    commit = wiki.on_branch()
    wiki.past.git("merge", "-q", "--squash", "work")
    wiki.past.commit("Say by when (#5)\n\nCloses: S-1")
    first = wiki.past.git("rev-parse", "HEAD")
    wiki.past.git("merge", "-q", "--no-ff", "-m", "Merge branch 'work'", "work")
    wiki.past.git("revert", "--no-edit", commit)
    wiki.publish()
    with wiki.house.database.transaction() as connection:  # as where two publish at once
        meta.set_value(connection, publishing.LANDED, first)
    wiki.publish()
    assert wiki.ends() == []


@pytest.mark.usefixtures("one")
def test_taking_back_what_was_taken_back_is_understood_where_no_commit_is_named(wiki: Wiki) -> None:
    squashed(wiki)
    wiki.past.commit('Revert "Say when (#5)" (#6)\n\nReverts wiki/wiki#5', calls=BEFORE)
    wiki.publish()
    assert wiki.ends() == []
    wiki.past.commit('Reapply "Say when (#5)" (#7)', calls=AFTER)
    wiki.publish()
    assert wiki.ends() == ["finished"]
    assert [one.after for one in wiki.house.read(storage.changes_of, 1)] == ["Sales calls back within a day."]


@pytest.mark.usefixtures("one")
def test_what_somebody_else_said_is_not_said_again_by_taking_it_back(wiki: Wiki) -> None:
    wiki.past.commit('Revert "Say when, closes S-1"', calls=AFTER)
    wiki.past.commit('Merge pull request #6 from sam/back\n\nRevert "Say when, closes S-1"', calls=BEFORE)
    wiki.publish()
    assert wiki.ends() == []


@pytest.mark.usefixtures("one")
def test_a_squash_of_what_takes_a_change_back_takes_it_back(wiki: Wiki) -> None:
    picked(wiki)
    wiki.publish()
    wiki.past.git("switch", "-q", "-c", "back")
    wiki.past.git("revert", "--no-edit", "HEAD")
    wiki.past.git("switch", "-q", "main")
    wiki.past.git("merge", "-q", "--squash", "back")
    wiki.past.git("commit", "-q", "--no-edit")
    wiki.publish()
    assert wiki.ends() == ["finished", "reopened"]


def test_of_two_that_are_one_by_now_the_last_commit_tells(wiki: Wiki) -> None:
    first, second = wiki.house.ask("sam"), wiki.house.ask("sam")
    change = wiki.past.commit("Say when\n\nCloses: S-2", calls=AFTER)
    wiki.house.act("mia", second, "join", into=first.number)
    wiki.publish()
    assert wiki.house.one(first).state == "done"
    wiki.past.commit("Say it elsewhere\n\nCloses: S-1", other="# Other\n")
    wiki.past.git("revert", "--no-edit", change)
    wiki.past.commit("Say by when\n\nCloses: S-1", calls=AFTER)
    wiki.publish()
    assert wiki.house.one(first).state == "done"


@pytest.mark.usefixtures("one")
def test_a_commit_may_name_hundreds_of_suggestions(wiki: Wiki) -> None:
    many = ", ".join(f"S-{number}" for number in range(700, 1, -1))
    wiki.past.commit(f"Say when\n\nCloses: {many}\nCloses: S-1", calls=AFTER)
    wiki.publish()
    assert wiki.ends() == ["finished"]


@pytest.mark.usefixtures("one")
def test_a_change_with_what_no_database_keeps_closes_it_all_the_same(wiki: Wiki) -> None:
    wiki.past.commit("Say when\n\nCloses: S-1", calls=AFTER.replace("a day", "a\0day"))
    wiki.publish()
    assert [one.after for one in wiki.house.read(storage.changes_of, 1)] == ["Sales calls back within a\ufffdday."]


def test_a_shallow_clone_does_not_take_all_text_for_new(wiki: Wiki, one: Suggestion, tmp_path: Path) -> None:
    picked(wiki)
    wiki.past.git("clone", "-q", "--depth", "1", f"file://{wiki.past.folder}", str(tmp_path / "shallow"))
    wiki.past.folder = tmp_path / "shallow"
    wiki.publish()
    assert wiki.ends() == ["finished"]
    assert not wiki.house.read(storage.changes_of, one.number)


def test_what_a_shallow_clone_lacks_is_said_and_comes_about_once_it_is_there(
    wiki: Wiki, one: Suggestion, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = wiki.past.folder
    merged(wiki)
    for _ in range(3):
        wiki.past.commit("More")
    wiki.past.git("clone", "-q", "--depth", "2", f"file://{whole}", str(tmp_path / "shallow"))
    wiki.past.folder = tmp_path / "shallow"
    wiki.publish()
    assert wiki.house.one(one).state == "waiting"
    assert "git fetch --unshallow" in caplog.text
    wiki.past.git("fetch", "-q", "--unshallow")
    wiki.publish()
    assert wiki.ends() == ["finished"]
    caplog.clear()
    wiki.past.git("clone", "-q", "--depth", "3", f"file://{whole}", str(tmp_path / "deep"))
    wiki.past.folder = tmp_path / "deep"
    wiki.publish()
    assert not caplog.text, "nothing came in since"


def test_a_merge_that_is_taken_back_on_its_other_side_takes_back_what_that_did_not_have(wiki: Wiki) -> None:
    mine, other = wiki.house.ask("sam"), wiki.house.ask("sam")
    wiki.on_branch()
    wiki.past.commit("Elsewhere\n\nCloses: S-2", other="# Other\n")
    wiki.past.git("switch", "-q", "work")
    wiki.past.git("merge", "-q", "--no-ff", "-m", "Merge branch 'main' into work", "main")
    wiki.past.git("switch", "-q", "main")
    wiki.past.git("merge", "-q", "--ff-only", "work")
    wiki.past.git("revert", "--no-edit", "-m", "2", "HEAD")
    wiki.publish()
    assert [wiki.house.one(one).state for one in (mine, other)] == ["waiting", "done"]
