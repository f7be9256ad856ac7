"""What an author is told whose front matter is wrong: file, line, and what to do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from mkdocs.utils import meta as mkdocs_meta

from kb_server.wiki.frontmatter import Problem, check, check_sections, derived_id, doubts, duplicates, unique
from kb_server.wiki.teams import Person, Team, Teams

TEAMS = Teams("A company", {name: Team(name, name.title(), "blue") for name in ("sales", "marketing", "success")})


def problems(front_matter: str, teams: Teams | None = TEAMS) -> list[str]:
    """What is said of a page with this front matter, as MkDocs reads it."""
    source = f"---\n{front_matter}---\n\n## Definition\n\ntext\n"
    meta = mkdocs_meta.get_data(source)[1]
    return [str(problem) for problem in check(meta, file="docs/x.md", source=source, teams=teams)]


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("docs/x.md", 3, "this is wrong.", "Mend it.")) == "docs/x.md:3: this is wrong. Fix: Mend it."
    assert str(Problem("docs/x.md", None, "this is wrong", "Mend it.")) == "docs/x.md: this is wrong. Fix: Mend it."


def test_a_page_needs_no_front_matter() -> None:
    assert check({}, file="docs/x.md", source="# Just a page\n", teams=None) == []


def test_good_front_matter_is_left_alone() -> None:
    good = """id: qualified-lead
kind: definition
title: Qualified lead
teams: [sales, marketing]
owner: sam
review: 2027-03-31
aliases: [MQL, "qualified contact"]
hide: [footer]
template: home.html
tags: [a]
"""
    assert problems(good) == []
    assert problems("kind: webinar\ndate: 2026-11-03 15:00\n") == []
    assert problems("kind: metric\nunit: leads\nreview: '2027-03-31'\n") == []


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{chr(at)}: &{chr(at)} [{', '.join([f'*{chr(at - 1)}'] * 9)}]" for at in range(ord("b"), ord("k"))
)
"""Ten lines, in which aliases of aliases stand for three thousand million values."""

WRONG = {
    "id: Qualified Lead": ("docs/x.md:2: the id 'Qualified Lead'", "Write 'id: qualified-lead'."),
    "title: x\nid: 7": ("docs/x.md:3: the id '7'", "Put it in quotes."),
    "id:": ("docs/x.md:2: the id 'None'", ""),
    "kind: defnition": ("docs/x.md:2: there is no kind 'defnition'", "Did you mean 'definition'?"),
    "kind: zebra": ("docs/x.md:2: there is no kind 'zebra'", "Use one of: page, role,"),
    "kind: [page]": ("docs/x.md:2: there is no kind", ""),
    "title: x\nteams:\n  - sales\n  - marketting": ("docs/x.md:5: there is no team 'marketting'", "'marketing'?"),
    "teams: sales": ("docs/x.md:2: 'teams' must be a list", "Write teams: [one, other]."),
    "teams: [1]": ("docs/x.md:2: 'teams' must be a list", ""),
    "review: soon": ("docs/x.md:2: 'soon' is no date", "review: 2027-03-31"),
    "title: x\nreview: 2027-02-30": ("docs/x.md:3: '2027-02-30' is no date (day is out of range", "calendar"),
    "review: '2027-02-30'": ("docs/x.md:2: '2027-02-30' is no date", ""),
    "review: 20270230": ("docs/x.md:2: '20270230' is no date", ""),
    "kind: webinar": ("docs/x.md:2: a webinar needs 'date'", "Add 'date:"),
    "kind: webinar\ndate: May": ("docs/x.md:3: 'May' is no date", ""),
    "kind: metric": ("docs/x.md:2: a metric needs 'unit'", "Add 'unit:"),
    "moved_from: 7": ("docs/x.md:2: 'moved_from' must be a list of files", "old/leads.md"),
    "moved_from: [7]": ("docs/x.md:2: 'moved_from' must be a list of files", "old/leads.md"),
    "merged_into: [a, b]": ("docs/x.md:2: 'merged_into' must be one page", "the-id-of-the-page"),
    "aliases: MQL": ("docs/x.md:2: 'aliases' must be a list of words", ""),
    "aliases: [2024]": ("docs/x.md:2: 'aliases' must be a list of words", "quotes"),
    "aliases: ['']": ("docs/x.md:2: 'aliases' must be a list of words", ""),
    f"aliases: [{'long' * 26}]": ("docs/x.md:2: an alias is longer than 100 characters", "short"),
    "terms: never": ("docs/x.md:2: 'terms' must be true or false", "Write terms: false"),
    "owner: [sam]": ("docs/x.md:2: 'owner' must be text", ""),
    "title: 2024": ("docs/x.md:2: 'title' must be text", "quotes"),
    "kb_shell: ../x": ("docs/x.md:2: the name '../x' of this live page", ""),
    "title: a: b": ("docs/x.md:2: mapping values are not allowed", "quotes"),
    "title: x\n\tid: y": ("docs/x.md:3:", "Mend it"),
    "title: 'x": ("docs/x.md:", "Mend it"),
    "title: x\nid: a\nid: b": ("docs/x.md:4: 'id' stands here a second time", "Keep one"),
    "- a\n- b": ("docs/x.md:2: the front matter must be keys", ""),
    f"id: {'a' * 300}": ("docs/x.md:2: the id 'aaaaaaaaaaaaaaaaaaaa…' is longer", "shorter"),
    "x: !!int y": ("docs/x.md:2: a value that cannot be read (invalid literal", "Mend it"),
    "x: !!timestamp y": ("docs/x.md:2: a value that cannot be read", "Mend it"),
    f"x: {'9' * 5000}": ("docs/x.md:2: a value that cannot be read", "Mend it"),
    "x: &x [*x]": ("docs/x.md:2: this is nested too deeply", "Mend it"),
    BOMB: ("there is more in this than anybody can have written", "Mend it"),
    "title: \x07": ("docs/x.md:2: a character that must not stand in YAML", ""),
}


@pytest.mark.parametrize("front_matter", WRONG)
def test_each_mistake_is_named_with_its_line_and_its_fix(front_matter: str) -> None:
    message, fix = WRONG[front_matter]
    (problem,) = problems(f"{front_matter}\n")
    assert message in problem
    assert fix in problem.partition("Fix: ")[2]


def test_all_mistakes_are_named_at_once() -> None:
    assert len(problems("id: A b\nkind: x\nteams: [y]\nreview: z\n")) == 4


def test_front_matter_that_does_not_end_is_noticed() -> None:
    (problem,) = check({}, file="docs/x.md", source="---\nid: x\n\ntext\n", teams=None)
    assert str(problem) == "docs/x.md:1: the front matter does not end. Fix: End it with a line '---'."


def test_a_page_that_begins_with_a_rule_has_no_front_matter() -> None:
    assert check({}, file="docs/x.md", source="---\n\nSome text: here.\n", teams=None) == []


def test_without_a_teams_file_any_team_will_do() -> None:
    assert problems("teams: [anybody]\n", teams=None) == []


def test_what_a_meta_file_says_has_no_line_in_the_page() -> None:
    (problem,) = check({"kind": "x"}, file="docs/x.md", source="# A\n", teams=None)
    assert problem.line is None


def test_windows_line_ends_do_not_move_lines() -> None:
    source = "---\r\ntitle: x\r\nkind: y\r\n---\r\n"
    (problem,) = check({"title": "x", "kind": "y"}, file="docs/x.md", source=source, teams=None)
    assert problem.line == 3


def test_a_definition_must_define_once() -> None:
    assert check_sections("definition", ["definition", "criteria"], "docs/x.md") == []
    assert check_sections("page", [], "docs/x.md") == []
    assert "does not define" in str(check_sections("definition", ["criteria"], "docs/x.md")[0])
    assert "two sections 'Criteria'" in str(
        check_sections("definition", ["definition", "criteria", "criteria_1"], "x")[0]
    )


def test_two_pages_with_one_id_are_named_with_the_line() -> None:
    source = "---\ntitle: x\nid: a\n---\n"
    pages: list[tuple[dict[str, Any], str, str]] = [({"id": "a"}, "docs/1.md", ""), ({"id": "a"}, "docs/2.md", source)]
    (problem,) = duplicates(pages)
    assert str(problem).startswith("docs/2.md:3: the id 'a' is taken by docs/1.md. Fix: Give the newer page another id")


def test_a_page_with_two_ids_is_still_compared() -> None:
    source = "---\nid: b\nid: a\n---\n"
    assert duplicates([({"id": "a"}, "docs/1.md", ""), ({"id": "a"}, "docs/2.md", source)])[0].line == 3


def test_an_alias_belongs_to_one_definition() -> None:
    one = {"kind": "definition", "aliases": ["MQL"]}
    other = {"kind": "definition", "aliases": ["lead", "mql "]}
    note = {"kind": "note", "aliases": ["MQL"]}
    source = "---\nkind: definition\naliases:\n  - lead\n  - mql\n---\n"
    (problem,) = duplicates([(one, "docs/1.md", ""), (note, "docs/2.md", ""), (other, "docs/3.md", source)])
    assert (problem.file, problem.line) == ("docs/3.md", 5)
    assert duplicates([({"kind": "definition", "aliases": ["a", "A"]}, "docs/1.md")]) == []


@pytest.mark.parametrize(
    ("path", "page_id"),
    [
        ("index.md", "home"),
        ("README.md", "home"),
        ("teams/index.md", "teams"),
        ("teams/Payments & Co.md", "teams-payments-co"),
        ("Größe/Façade.md", "groesse-facade"),
        ("C++.md", "c"),
        ("2026-11.md", "2026-11"),
        ("a.b.md", "a-b"),
        ("!.md", "page"),
    ],
)
def test_a_page_without_an_id_gets_one_from_its_path(path: str, page_id: str) -> None:
    assert derived_id(path) == page_id


def test_paths_in_other_alphabets_get_different_ids_that_stay() -> None:
    found = [derived_id(path) for path in ("定义.md", "线索.md", "лид.md", "лид/x.md")]
    assert len(set(found)) == 4
    assert all(part.isascii() and part.replace("-", "").isalnum() for part in found)
    assert derived_id("定义.md") == found[0]


def test_ids_that_clash_are_numbered() -> None:
    assert unique("a", ()) == "a"
    assert unique("a", {"a", "a-2"}) == "a-3"


def test_dates_may_be_dates_or_text() -> None:
    assert check({"review": dt.date(2027, 1, 1)}, file="x", source="", teams=None) == []
    assert check({"review": "2027-01-01"}, file="x", source="", teams=None) == []


def test_the_sample_wiki_has_no_problems() -> None:
    root = Path(__file__).parents[2]
    for page in (root / "docs").rglob("*.md"):
        source = page.read_text(encoding="utf-8")
        meta = mkdocs_meta.get_data(source)[1]
        assert check(meta, file=page.name, source=source, teams=None) == []


@pytest.mark.parametrize(
    ("owner", "fixes"),
    [
        ("nia", []),
        ("Nia Berger", []),
        ("Sales", []),
        ("niaa", ["docs/x.md:3: there is nobody 'niaa' in teams.yml. Fix: Did you mean 'nia'?"]),
        ("support", ["docs/x.md:3: there is nobody 'support' in teams.yml. Fix: Use one of: nia, lee."]),
    ],
)
def test_an_owner_written_like_a_handle_must_be_somebodys(owner: str, fixes: list[str]) -> None:
    everybody = Teams(people={handle: Person(handle, handle.title()) for handle in ("nia", "lee")})
    source = f"---\ntitle: x\nowner: {owner}\n---\n"
    said = [str(doubt) for doubt in doubts({"owner": owner}, file="docs/x.md", source=source, teams=everybody)]
    assert len(said) == len(fixes)
    assert all(one.startswith(fix) for one, fix in zip(said, fixes, strict=True))


def test_without_people_an_owner_is_any_text() -> None:
    for teams in (None, Teams()):
        assert doubts({"owner": "niaa"}, file="docs/x.md", source="", teams=teams) == []
