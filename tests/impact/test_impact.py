"""What `kb impact` says where there is no store, and what a hostile change may do meanwhile: nothing."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from foretold import CONFIG, TEAMS
from pasts import Past
from processes import KB

from kb_server.impact import markdown
from kb_server.impact.models import Closing, Impact, Talk, Term, Use
from kb_server.impact.service import NO_STORE, OTHER_SETTINGS
from kb_server.links.models import Broken, Link, Move

LEAD = """\
---
id: lead
kind: definition
owner: sam
teams: [sales]
review: 2040-01-01
---

# Lead

## Definition

In {} days.
"""
HOOK = "import pathlib\n\n\ndef on_config(config):\n    pathlib.Path({!r}).write_text('ran')\n    return config\n"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """A wiki in a folder of its repository, with a hook of its own, and a main branch that has gone on."""
    past = Past(tmp_path / "repository" / "wiki")
    (past.folder / ".git").rename(tmp_path / "repository" / ".git")
    (past.folder / "mkdocs.yml").write_text(f"{CONFIG}hooks: [hook.py]\nnav: [index.md, lead.md, call.md]\n")
    (past.folder / "hook.py").write_text("")
    (past.folder / "teams.yml").write_text(TEAMS)
    call = LEAD.replace("lead", "call").replace("Lead", "Call").format("a talk that is not mail, within 2")
    home = "# Home\n\nSee [lead](lead.md) and [call](call.md).\n\n## Why\n\nSo.\n"
    past.commit("Begin", index=home, lead=LEAD.format(30), call=call)
    past.git("checkout", "-q", "-b", "change")
    return past


def asked(past: Past, *options: str, commits: str = "main..change") -> subprocess.CompletedProcess[str]:
    past.git("checkout", "-q", "main")
    command = [*KB, "impact", "-f", str(past.folder / "mkdocs.yml"), *options, commits]
    environment = os.environ | {"KB_DATA_DIR": str(past.folder / "data")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_without_a_store_it_says_what_the_commits_and_the_builds_say(past: Past) -> None:
    past.commit("Shorten\n\nCloses: S-4\nWording: lead", lead=LEAD.format(14))
    call = (past.docs / "call.md").read_text()
    past.commit("Reword\n\nWording: call", call=call.replace("is not", "isn't"))
    past.git("mv", "docs/call.md", "docs/talk.md")
    (past.folder / "mkdocs.yml").write_text(f"{CONFIG}hooks: [hook.py]\nnav: [index.md, lead.md, talk.md]\n")
    past.commit("Cut", index="# Home\n\nSee [lead](lead.md) and [call](talk.md).\n")
    past.git("checkout", "-q", "main")
    past.commit("Meanwhile", other="# Other\n\n## Part\n\nText.\n")
    title = "--title=Say when, closes S-7 and S-4"
    done = asked(past, title, "--format", "json", "--fail-on", "broken-links,conversations")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert [(one["number"], one["what"]) for one in found["closings"]] == [(4, "closes"), (7, "closes")]
    assert [(one["page"], one["teams"], one["against"]) for one in found["terms"]] == [
        ("call", ["sales"], []),
        ("lead", ["sales"], ["30 became 14"]),
    ]
    assert [(one["title"], one["terms"]) for one in found["uses"]] == [("Home", ["Lead"])]
    assert [(one["link"]["address"], one["ended"]) for one in found["broken"]] == [("#why", "section gone")]
    assert [(one["address"], one["leads_to"]) for one in found["moved"]] == [
        ("call/", "talk/"),
        ("call/#definition", "talk/#definition"),
    ]
    assert found["unseen"] == [NO_STORE, OTHER_SETTINGS]
    assert "talk.md" not in done.stderr  # nor that `nav` names what is gone: what the change made of that is not read
    assert "'call.md'" not in done.stderr
    assert not (past.folder / "data").exists()
    assert past.git("worktree", "list").count("\n") == 0


@pytest.mark.slow
def test_a_change_runs_nothing_and_reads_nothing_outside_of_its_tree(past: Past, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Precious\n\n## Very precious\n")
    (past.docs / "more.md").symlink_to(tmp_path / "secret.md")
    (past.folder / "hook.py").write_text(HOOK.format(str(tmp_path / "ran")))
    (past.folder / "other.py").write_text(HOOK.format(str(tmp_path / "ran")))
    (past.folder / "mkdocs.yml").write_text(f"{CONFIG}hooks: [hook.py, other.py]\n")
    past.commit("Work")
    done = asked(past, "--format", "json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["unseen"] == [NO_STORE, OTHER_SETTINGS]
    assert "recious" not in done.stdout
    assert not (tmp_path / "ran").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("words", "said"), [("main", "BASE..HEAD"), ("main..nothing", "no branch or commit")])
def test_what_is_no_range_is_said(past: Past, words: str, said: str) -> None:
    done = asked(past, commits=words)
    assert (done.returncode, said in done.stderr) == (2, True)


def test_a_comment_names_nobody_and_does_nothing() -> None:
    evil = "@sam <img src=x> [a](https://b.example) `c` **d** #12 GH-7 x/y#3 \n\n/close"
    found = Impact(
        "a" * 40,
        "b" * 40,
        closings=(Closing(1, "closes", "c" * 40, evil),),
        terms=(Term("t", evil, "reworded", ("sales",)),),
        broken=(Broken(Link("p/`\n/close/", "", ""), "removed"),),
        talks=(Talk("th_1", evil, evil, "here", "changed", evil, evil.replace("12", "14"), "open"),),
    )
    said = markdown.written(found)
    for sign in ("@s", " <img", " [a]", "#12", "GH-7", "#3", "https://b", "\n/", " `c"):
        assert sign not in said
    assert said.count("\n- ") == 4


def test_a_page_that_moves_or_goes_is_told_once_however_many_parts_it_has() -> None:
    moved = [("calls/", "calling/"), ("calls/#who", "calling/#who"), ("calls/#when", "calling/#how-soon")]
    gone = [("p/ops/", 0), ("p/ops/day/", 0), ("ops/", 0), ("ops/#day", 0), ("ops/#night", 3)]
    found = Impact(
        "a",
        "b",
        broken=tuple(Broken(Link(address, "", "Ops", "", uses, "2026-11"), "removed") for address, uses in gone),
        moved=tuple(Move(*addresses, "Calls") for addresses in moved),
    )
    said = markdown.written(found)
    told = [line.partition("`")[2].partition("`")[0] for line in said.splitlines() if line.startswith("- ")]
    assert told == ["p/ops/", "ops/", "ops/#night", "calls/", "calls/#when"]


def test_nothing_is_said_in_a_sentence() -> None:
    assert "Nothing that anybody relies on" in markdown.written(Impact("a", "b"))


def test_of_a_conversation_it_is_said_what_becomes_of_what_it_is_about() -> None:
    def line(was: str, fate: str, text: str) -> str:
        found = Impact("a", "b", talks=(Talk("th_1", "Why?", "Calls", was, fate, text, text, "open"),))
        return markdown.written(found).splitlines()[-1]

    assert line("here", "gone", "") == "- “Why?” on Calls: what it is about is gone"
    assert line("here", "moved", "So.") == "- “Why?” on Calls: its passage moves"
    assert line("gone", "here", "So.") == "- “Why?” on Calls: its passage stands as it was again"
    assert line("here", "here", "So.") == "- “Why?” on Calls: its passage has another heading"


def test_a_comment_is_short_enough_for_a_forge_whatever_there_is_to_say() -> None:
    long = "@" * 3_000
    talks = tuple(Talk(f"th_{n}", long, long, "here", "changed", long, "#" * 3_000, "open") for n in range(200))
    found = Impact("a", "b", uses=tuple(Use("p", long, (long,) * 500) for _ in range(3)), talks=talks[:3])
    assert len(markdown.written(found)) < 60_000
    assert markdown.written(replace(found, talks=talks)).count("\n- ") < 40
