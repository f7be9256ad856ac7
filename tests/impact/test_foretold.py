"""What `kb impact` says of a change is what comes of it: each is published for real, and what came is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from foretold import CONFIG, TEAMS, Replay, said
from pasts import Past

pytestmark = pytest.mark.slow
LEAD = """\
---
id: lead
kind: definition
owner: sam
teams: [sales, marketing]
review: 2040-01-01
---

# Lead

## Definition

Somebody who asked for a call and is not a customer, within 30 days.
"""
CALLS = """\
---
id: calls
---

# Calls

Sales calls a [lead](lead.md) back.

## When we call

Sales calls back within one working day. Whoever calls says first what was asked for.

## What we write down

Every call is written down on the same day. Nobody writes down what was said in confidence.

## At fairs

At a fair the cards are put into one box. The box goes to Marketing in the evening.
"""
HOME = "---\nid: home\n---\n\n# Home\n\nWelcome to the wiki of two teams. See [calls](calls.md) and [leads](lead.md).\n"


@pytest.fixture
def replay(tmp_path: Path) -> Iterator[Replay]:
    past = Past(tmp_path / "wiki")
    (past.folder / "mkdocs.yml").write_text(CONFIG)
    (past.folder / "teams.yml").write_text(TEAMS)
    replay = Replay(past, tmp_path / "data")
    replay.publish(past.commit("Begin", index=HOME, calls=CALLS, lead=LEAD))
    replay.agree()
    replay.talk(12)
    for body in ("Say when you call", "Say who calls", "Say what a lead is"):
        replay.people().ask("sam", body)
    yield replay
    replay.close()


def changes(past: Past) -> Iterator[str]:
    """Six commits, of which each does something else to what people rely on."""
    past.git("checkout", "-q", "-b", "change")
    sooner = CALLS.replace("one working day", "four hours").replace("## At fairs", "## What we do at fairs")
    yield past.commit("Call sooner\n\nCloses: S-1", calls=sooner)
    yield past.commit("Be strict, refs S-2 and closes S-9", lead=LEAD.replace("30 days", "14 days"))
    yield past.commit("Reword\n\nWording: lead", lead=LEAD.replace("30 days", "14 days").replace("is not", "isn't"))
    short = sooner[: sooner.index("## What we do at fairs")]
    revert = past.git("rev-parse", "HEAD~2")
    yield past.commit(f"Take it back\n\nThis reverts commit {revert}.", calls=short, lead=LEAD)
    past.git("mv", "docs/calls.md", "docs/calling.md")
    yield past.commit("Move, closes S-3", index=HOME.replace("calls.md", "calling.md"))
    yield past.commit("Remove", calling=None, index=HOME.replace("[calls](calls.md)", "calls"))


def squashed(past: Past, commit: str, title: str) -> str:
    """The same change, under the title of its pull request."""
    return past.git("commit-tree", f"{commit}^{{tree}}", "-p", f"{commit}~1", "-m", f"{title} (#5)")


def test_what_is_foretold_of_a_change_comes_about(replay: Replay) -> None:
    kinds = {"suggestions", "standings", "declared", "broken", "moved", "talks", "uses"}
    made = list(changes(replay.past))
    for commit in made:
        title = "Take it away, closes S-2" if commit == made[-1] else ""
        found = replay.foretold(commit, title=title)
        came, agreed = replay.came(squashed(replay.past, commit, title) if title else commit)
        assert asdict(said(found, agreed)) == asdict(came)
        kinds -= {kind for kind, facts in asdict(came).items() if facts}
    assert not kinds, "each kind was among what came about"
