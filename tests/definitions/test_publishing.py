"""What comes of agreements from build to build, and what is known of who brought a wording in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pasts import Past
from terms import BY_LEE, Wiki, term

from kb_server.db import Database
from kb_server.definitions import publishing, storage, timeline
from kb_server.wiki.history import last_change


@pytest.fixture
def wiki(database: Database) -> Wiki:
    return Wiki(database)


def test_who_brought_a_wording_in_and_why_is_kept_with_its_source(wiki: Wiki) -> None:
    wiki.publish("A contact.")
    with wiki.database.read() as connection:
        kept = storage.wording(connection, "mql", "1:A contact.")
        assert kept
        assert (kept.commit, kept.why) == ("c0ffee", "Say it shorter\n\nSales asked for it.")
        assert kept.source == "## Definition\n\nA contact."
        assert storage.past(connection, "mql").proposers["1:A contact."].startswith("p_")


def test_somebody_the_wiki_does_not_know_brought_it_in(wiki: Wiki) -> None:
    wiki.publish("A contact.", replace(BY_LEE, email="somebody@example.net"))
    wiki.publish("Another.", None)
    with wiki.database.read() as connection:
        assert storage.past(connection, "mql").proposers == {}


def test_a_merge_rewords_and_going_back_agrees_again(wiki: Wiki) -> None:
    assert wiki.publish("A contact.") == "notyet"
    assert wiki.agree("A contact.") == "agreed"
    assert wiki.publish("A person.") == "wording"
    assert wiki.publish("A contact.") == "agreed"
    assert wiki.agree("A contact.") == "agreed"


def test_publishing_the_same_again_tells_nothing(wiki: Wiki) -> None:
    for _ in range(3):
        wiki.publish("A contact.")
    assert len(wiki.log("definition.stands")) == 1


def test_a_commit_declares_wording_only_once(wiki: Wiki) -> None:
    wiki.publish("A contact that is not ours.")
    wiki.agree("A contact that is not ours.")
    said = replace(BY_LEE, message="Say it shorter\n\nWording: sql, mql\nSigned-off-by: Lee")
    assert wiki.publish("A contact that isn't ours.", said) == "wording"
    wiki.publish("A contact that isn't ours.", said)
    assert len(wiki.log("definition.declared")) == 1
    wiki.now += timedelta(days=7)
    assert wiki.publish("A contact that isn't ours.", said) == "agreed"


def test_a_commit_that_the_trusted_branch_has_not_declares_nothing(wiki: Wiki) -> None:
    wiki.publish("A contact that is not ours.")
    wiki.agree("A contact that is not ours.")
    said = replace(BY_LEE, message="Say it shorter\n\nWording: mql", is_merged=False)
    assert wiki.publish("A contact that isn't ours.", said) == "wording"
    assert wiki.log("definition.declared") == []


def test_a_commit_that_says_wording_only_of_another_number_declares_nothing_and_is_told_of(wiki: Wiki) -> None:
    wiki.publish("For 30 days.")
    wiki.agree("For 30 days.")
    said = replace(BY_LEE, message="Say it shorter\n\nWording: mql")
    assert wiki.publish("For 14 days.", said) == "wording"
    wiki.publish("For 14 days.", said)
    assert wiki.log("definition.declared", "definition.not_wording") == ["definition.not_wording"]
    with wiki.database.read() as connection:
        lines = timeline.told(connection, term("For 14 days."), wiki.roster, "en")
    assert "A commit said wording only, but 30 became 14" in [one.words for one in lines]


def test_what_comes_of_an_answer_is_told_above_it(wiki: Wiki) -> None:
    wiki.publish("A contact.")
    wiki.agree("A contact.")
    with wiki.database.read() as connection:
        lines = timeline.told(connection, term("A contact."), wiki.roster, "en")
    assert [one.version for one in lines] == [1, 0, 0, 0]
    assert [one.words.partition(" for ")[2] for one in lines[1:3]] == ["Marketing", "Sales"]


def test_a_commit_declares_nothing_in_a_language_without_lists(wiki: Wiki) -> None:
    wiki.language = "de"
    wiki.publish("Ein Kontakt.")
    wiki.agree("Ein Kontakt.")
    wiki.publish("Ein „Kontakt“.", replace(BY_LEE, message="Reword\n\nWording: mql"))
    assert wiki.log("definition.declared", "definition.not_wording") == ["definition.not_wording"]


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("Reword\n\nWording: mql", {"mql"}),
        ("Reword\n\nWORDING: mql, sales-ready", {"mql", "sales-ready"}),
        ("Wording is everything", set()),
        ("See the wording: mql", set()),
        ("Reword\n\nWording: I made mql shorter", set()),
        ("Reword\r\n\r\nWording: mql\r\n", {"mql"}),
    ],
)
def test_a_trailer_names_definitions(message: str, names: set[str]) -> None:
    assert publishing.declared_in(message) == names


def test_trailers_are_no_reason() -> None:
    assert publishing.why("Shorten it\n\nBecause.\n\nWording: mql\nSigned-off-by: Lee") == "Shorten it\n\nBecause."
    assert publishing.why("Wording: mql") == "Wording: mql"
    broken = "Shorten it\n\nThey do not\nremember us:\n- nobody\n  of them\n- not one\n\n1. So.\n2. There."
    whole = "Shorten it\n\nThey do not remember us:\n- nobody\n  of them\n- not one\n\n1. So.\n2. There."
    assert publishing.why(broken) == whole


def test_git_knows_who_changed_these_lines_last(tmp_path: Path) -> None:
    past = Past(tmp_path)
    past.commit("Begin", index="# Home\n\nOne.\n\n## Why\n\nSo.\n")
    past.commit("Reword\n\nWording: mql", index="# Home\n\nTwo.\n\n## Why\n\nSo.\n")
    past.commit("Explain", index="# Home\n\nTwo.\n\n## Why\n\nBecause.\n")
    found = last_change(tmp_path, "docs/index.md", (1, 3))
    assert found
    assert found.message == "Reword\n\nWording: mql"
    assert "@" in found.email
    assert last_change(tmp_path, "docs/away.md", (1, 3)) is None
    assert last_change(tmp_path / "docs", "../../etc/passwd", (1, 3)) is None


def test_git_knows_whether_the_trusted_branch_has_a_change_and_what_a_build_was_made_of(tmp_path: Path) -> None:
    past = Past(tmp_path)
    past.commit("Begin", index="# Home\n\nOne.\n")
    past.git("checkout", "--quiet", "-b", "mine")
    made_of = past.commit("Reword\n\nWording: mql", index="# Home\n\nTwo.\n")
    past.commit("Reword again", index="# Home\n\nThree.\n")

    def known(branch: str) -> tuple[str, bool]:
        found = last_change(tmp_path, "docs/index.md", (1, 3), head=made_of, branch=branch)
        assert found
        return found.commit, found.is_merged

    assert known("main") == (made_of, False)
    assert known("mine") == (made_of, True)
    assert known("") == (made_of, False)


def test_a_build_of_the_schema_before_has_no_wordings_to_keep(wiki: Wiki, publish: Callable[..., str]) -> None:
    publish(replace(term("A contact."), term=None))
    with wiki.database.read() as connection:
        assert storage.wordings_of(connection, ["mql"]) == []


def test_publishing_a_build_settles_its_definitions(wiki: Wiki, publish: Callable[..., str]) -> None:
    publish(term("A contact."))
    assert wiki.log("definition.stands", "build.published") == ["definition.stands", "build.published"]
