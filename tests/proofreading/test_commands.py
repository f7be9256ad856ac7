"""kb check, kb fix and kb new as an editor or a pipeline meets them: exit codes, forms, what is asked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from folders import Folder

from kb_server.cli import kb
from kb_server.proofreading import formats, service
from kb_server.wiki.frontmatter import KINDS

ROOT = Path(__file__).parents[2]


def run(wiki: Folder, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(kb, [words[0], "-f", str(wiki.file), *words[1:]], input=typed)


@pytest.mark.slow
def test_the_exit_code_says_whether_to_stop(wiki: Folder) -> None:
    wiki.write(index="Teh end.\n")
    assert run(wiki, "check", "--all").exit_code == 0
    assert run(wiki, "check", "--all", "--strict").exit_code == 1
    wiki.write(index="[x](gone.md)\n", other="[x](gone.md)\n")
    done = run(wiki, "check", "--all")
    assert (done.exit_code, done.output.splitlines()[-1]) == (1, "2 errors and 0 warnings in 2 pages.")
    done = run(wiki, "check", str(wiki.home / "docs" / "other.md"))
    assert (done.exit_code, done.output.splitlines()[-1]) == (1, "1 error and 0 warnings in 1 page.")


@pytest.mark.slow
def test_every_form_tells_the_same_findings(wiki: Folder) -> None:
    wiki.write(index="[x](gone.md)\n\nTeh end.\n")
    (github, gitlab, plain) = (run(wiki, "check", "--all", "--format", form) for form in ("github", "gitlab", "json"))
    assert github.output.splitlines()[0].startswith(
        "::error file=docs/index.md,line=1,col=1,title=kb check%2C link::the link 'gone.md' leads"
    )
    assert [one["severity"] for one in json.loads(gitlab.output)] == ["major", "minor"]
    found = json.loads(plain.output)["findings"]
    assert [(one["path"], one["line"], one["rule"], one["mendable"]) for one in found] == [
        ("docs/index.md", 1, "link", False),
        ("docs/index.md", 3, "spelling", True),
    ]


@pytest.mark.slow
def test_a_fingerprint_outlives_the_move_of_its_line_and_is_nobody_elses(wiki: Folder) -> None:
    def prints() -> list[str]:
        return [one["fingerprint"] for one in json.loads(formats.gitlab(service.check(wiki.file, everything=True)))]

    wiki.write(index="[x](gone.md)\n\n[x](gone.md)\n")
    before = prints()
    wiki.write(index="A new line.\n\n[x](gone.md)\n\n[x](gone.md)\n")
    assert prints() == before
    assert len(set(before)) == 2


@pytest.mark.slow
def test_a_wiki_below_the_top_of_its_repository_is_told_from_the_top(wiki: Folder) -> None:
    below = Folder(wiki.home / "handbook")
    below.write(index="[x](gone.md)\n")
    wiki.git("init", "--quiet")
    assert "file=handbook/docs/index.md," in run(below, "check", "--all", "--format", "github").output


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_each_kind_begins_without_a_fault(wiki: Folder, kind: str) -> None:
    (wiki.home / "docs").mkdir()
    done = run(wiki, "new", kind, 'Über "Leads": a first page', "--owner", "sam")
    assert done.exit_code == 0, done.output
    (page,) = (wiki.home / "docs").rglob("*.md")
    meta = yaml.safe_load(page.read_text().split("---\n")[1])
    assert (meta["id"], meta["title"]) == ("ueber-leads-a-first-page", 'Über "Leads": a first page')
    assert (meta["owner"], meta["teams"]) == ("sam", ["sales"])
    assert wiki.said() == wiki.fix() == []


def test_a_page_begins_where_its_like_lie_from_the_wikis_own_template(wiki: Folder) -> None:
    wiki.write(deep__tricks__one="---\nkind: practice\nid: lead\n---\n", deep__tricks__two="---\nkind: practice\n---\n")
    wiki.put("templates/practice.md", "---\nid: no\ntags: [ours]\nreview: never\n---\n\n## Our way\n")
    done = run(wiki, "new", "practice", typed="Lead\nAnybody\n")
    assert "Its id is lead-2" in done.output
    text = wiki.read("docs/deep/tricks/lead.md")
    assert "owner: Anybody\n" in text
    assert text.endswith("tags: [ours]\n---\n\n## Our way\n")
    assert not re.search("never|id: no$", text, re.MULTILINE)


def test_an_id_that_a_page_once_had_is_not_given_again(wiki: Folder) -> None:
    wiki.write(old="---\nid: lead\n---\n")
    wiki.git("init", "--quiet")
    wiki.commit()
    (wiki.home / "docs" / "old.md").unlink()
    assert "Its id is lead-2" in run(wiki, "new", "note", "Lead", "--owner", "").output


def test_nothing_is_written_over_or_outside(wiki: Folder, tmp_path: Path) -> None:
    wiki.write(notes__lead="Mine.\n")
    assert "is there already" in str(run(wiki, "new", "note", "Lead", "--owner", "").exception)
    assert wiki.read("docs/notes/lead.md") == "Mine.\n"
    run(wiki, "new", "page", "../../outside", "--owner", "")
    (wiki.home / "docs" / "roles").symlink_to(tmp_path)
    assert "leads out of the docs folder" in str(run(wiki, "new", "role", "R", "--owner", "").exception)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wiki"]
    assert "no team 'sails'" in str(run(wiki, "new", "note", "N", "--owner", "", "--team", "sails").exception)
    assert "no kind 'notes'" in str(run(wiki, "new", "notes", "N").exception)


def test_the_hooks_for_other_repositories_name_commands_there_are() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {hook["entry"].split()[1] for hook in hooks} == {"check", "fix"} <= set(kb.commands)
    assert all(hook["entry"].startswith("kb ") and not hook["pass_filenames"] for hook in hooks)
