"""What a change touched, and what it does to pages it did not touch; told over real repositories."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from folders import MKDOCS, Folder

from kb_server.errors import Invalid
from kb_server.proofreading import formats, service

Begun = Callable[..., Folder]
OLD = "# Old\n\nTeh old mistake.\n\n[x](nowhere.md)\n"


def changed(wiki: Folder) -> list[str]:
    return wiki.said(everything=False)


@pytest.mark.slow
def test_only_the_lines_of_the_change_are_looked_at(branch: Begun) -> None:
    wiki = branch(old=OLD, other=OLD)
    assert changed(wiki) == []
    wiki.write(old=OLD + "\nRecieved since, uncommitted.\n", fresh="Teh new page, not yet added.\n")
    assert changed(wiki) == ["fresh.md:1 spelling", "old.md:7 spelling"]
    wiki.commit()
    assert changed(wiki) == ["fresh.md:1 spelling", "old.md:7 spelling"]
    assert len(wiki.said()) == 6


def test_work_that_went_on_elsewhere_meanwhile_is_not_the_change(branch: Begun) -> None:
    wiki = branch(old="A\n")
    wiki.write(mine="Teh mine.\n")
    wiki.commit()
    wiki.git("switch", "--quiet", "main")
    wiki.write(theirs="Teh theirs.\n")
    wiki.commit()
    wiki.git("switch", "--quiet", "edit")
    wiki.git("merge", "--quiet", "--no-edit", "main")
    assert changed(wiki) == ["mine.md:1 spelling"]


@pytest.mark.slow
def test_a_renamed_page_breaks_links_and_kb_fix_mends_them_all(branch: Begun) -> None:
    body = "# Lead\n\n" + "A line of it.\n" * 20 + "\n[back](index.md) and [deep](two/deep.md#deep)\n"
    wiki = branch(index="[lead](lead.md#lead)\n", lead=body, two__deep="# Deep\n\n[lead](../lead.md)\n\nTeh old one.\n")
    (wiki.home / "docs" / "terms").mkdir()
    wiki.git("mv", "docs/lead.md", "docs/terms/a-lead.md")
    broken = ["index.md:1 link", "terms/a-lead.md:24 link", "terms/a-lead.md:24 link", "two/deep.md:3 link"]
    assert changed(wiki) == broken
    wiki.git("commit", "--quiet", "--message", "Rename it")
    assert changed(wiki) == broken
    assert len(wiki.fix(everything=False)) == 4
    assert changed(wiki) == wiki.fix(everything=False) == []
    assert wiki.read("docs/index.md") == "[lead](terms/a-lead.md#lead)\n"
    assert wiki.read("docs/terms/a-lead.md").endswith("[back](../index.md) and [deep](../two/deep.md#deep)\n")


def test_a_renamed_page_keeps_its_place_in_the_navigation(branch: Begun, wiki: Folder) -> None:
    nav = "nav:\n  - index.md\n  - 'The lead': lead.md # first\n  - Other: other/lead.md\n"
    text = MKDOCS.replace("validation:\n", "validation:\n  nav: {omitted_files: warn}\n") + nav
    wiki.put("mkdocs.yml", text.replace("\n", "\r\n"))
    branch(index="# Home\n", lead="# Lead\n\nA line of it.\n", other__lead="# Other\n")
    wiki.git("mv", "docs/lead.md", "docs/a-lead.md")
    found = wiki.check(everything=False)
    assert [(one.path, one.rule, one.hint) for one in found] == [
        ("mkdocs.yml", "navigation", "It is 'a-lead.md' now: `kb fix` writes that.")
    ]
    assert len(wiki.fix(everything=False, dry_run=True)) == len(wiki.fix(everything=False)) == 1
    mended = text.replace(": lead.md", ": a-lead.md").replace("\n", "\r\n")
    assert (wiki.home / "mkdocs.yml").read_bytes() == mended.encode()
    assert changed(wiki) == wiki.fix(everything=False) == []


def test_an_entry_that_stands_elsewhere_in_the_configuration_too_is_left_to_whoever_wrote_it(
    branch: Begun, wiki: Folder
) -> None:
    wiki.put("mkdocs.yml", MKDOCS + "nav: [index.md, lead.md]\nextra: {first: lead.md}\n")
    branch(index="# Home\n", lead="# Lead\n\nA line of it.\n")
    wiki.git("mv", "docs/lead.md", "docs/a-lead.md")
    (found,) = wiki.check(everything=False)
    assert found.hint == "It is 'a-lead.md' now."
    assert wiki.fix(everything=False) == []


def test_what_was_looked_at_and_what_need_not_be_done_by_hand_is_told(branch: Begun) -> None:
    wiki = branch(index="[gone](gone.md)\n", gone="# Gone\n", page="# Page\n")
    wiki.git("rm", "--quiet", "docs/gone.md")
    wiki.write(page="# Page\n\nWe need:\n- one\n")
    base = wiki.git("rev-parse", "main")[:10]
    told = formats.text(service.check(wiki.file)).splitlines()
    assert "This change removes that page. Lead to the one that replaces it, or take the link out. [link]" in told[0]
    assert told[2:] == [
        f"1 error and 1 warning in 1 page that changed, and 1 that was removed, since main ({base}).",
        "kb fix mends 1 of them.",
    ]


@pytest.mark.slow
def test_a_removed_page_and_a_reworded_heading_are_told_where_they_are_missed(branch: Begun) -> None:
    wiki = branch(
        index="[gone](gone.md) [part](page.md#part)\n\n[never](page.md#never)\n",
        gone="It was here.\n",
        page="# Page\n\n[own](#part)\n\n## Part\n",
    )
    (wiki.home / "docs" / "gone.md").unlink()
    wiki.write(page="# Page\n\n[own](#part)\n\n## Piece\n")
    assert changed(wiki) == ["index.md:1 link", "index.md:1 anchor", "page.md:3 anchor"]


def test_who_takes_away_a_team_or_a_place_hears_whose_it_was(branch: Begun) -> None:
    wiki = branch(index="---\nteams: [sales]\n---\n", alone="Alone.\n")
    wiki.put("mkdocs.yml", MKDOCS + "  nav: {omitted_files: warn}\nnav: [index.md, gone.md]\n")
    wiki.put("teams.yml", "teams:\n  care: {name: Care, hue: plum}\n")
    found = ["alone.md:0 navigation", "index.md:2 front-matter", "mkdocs.yml:7 navigation"]
    assert changed(wiki) == found


@pytest.mark.slow
def test_a_second_page_with_an_id_is_the_one_that_hears_of_it(branch: Begun) -> None:
    wiki = branch(b="---\nid: one\n---\n")
    wiki.write(a="---\nid: one\n---\n")
    assert changed(wiki) == ["a.md:2 front-matter"]


@pytest.mark.slow
def test_names_with_signs_of_every_kind_are_found_by_git(branch: Begun) -> None:
    wiki = branch(index="x\n")
    name = 'docs/ä "b"\\c — [d].md'
    wiki.put(name, "One.\n\nTwo.\n")
    wiki.commit()
    wiki.git("branch", "--force", "main")
    wiki.put(name, "One.\n\nTeh two.\n")
    assert [(one.path, one.line) for one in wiki.check(everything=False)] == [(name, 3)]


@pytest.mark.slow
def test_without_git_everything_is_looked_at_and_a_commit_cannot_be_named(wiki: Folder) -> None:
    wiki.write(index="Teh end.\n")
    assert changed(wiki) == ["index.md:1 spelling"]
    with pytest.raises(Invalid, match="no git repository"):
        wiki.check(everything=False, since="main")


def test_a_clone_that_lacks_the_past_is_told_what_to_fetch(branch: Begun, tmp_path: Path) -> None:
    wiki = branch(index="x\n")
    wiki.write(index="y\n")
    wiki.commit()
    wiki.git("clone", "--quiet", "--depth", "1", "--no-single-branch", f"file://{wiki.home}", str(tmp_path / "clone"))
    shallow = Folder(tmp_path / "clone", fresh=False)
    with pytest.raises(Invalid, match="fetch-depth: 0"):
        shallow.check(everything=False, since="origin/main")
    with pytest.raises(Invalid, match="no branch or commit 'nowhere'"):
        wiki.check(everything=False, since="nowhere")


@pytest.mark.slow
def test_a_wiki_below_the_top_of_its_repository_is_found_too(branch: Begun) -> None:
    wiki = branch(index="x\n")
    below = Folder(wiki.home / "handbook")
    below.write(index="Teh end.\n")
    wiki.commit()
    assert below.said(everything=False) == ["index.md:1 spelling"]
