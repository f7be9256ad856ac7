"""How safe and how useful it is to judge "wording only": ``make bench-meaning REPO="…"``; see --help.

200 real edits of one passage, drawn by a fixed rule (`edits.py`) from five public wikis, were judged by hand before the
program saw any of them: "wording" where two careful readers would say that both texts say the same, "meaning" where
they would not or might not. ``wording-judged.json`` keeps commit, path, line and verdict, and no text.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from edits import Edit, edits, said
from following import git

from kb_server.pages.wording import Objection, Text, objections

JUDGED = Path(__file__).with_name("wording-judged.json")


def judged(repo: Path) -> Iterator[tuple[Edit, str]]:
    """The edits of a repository that were judged, each with its verdict."""
    for rows in json.loads(JUDGED.read_text("utf-8")).values():
        for commit, path, line, verdict in rows:
            whole = git(repo, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").strip()
            if whole:
                yield Edit(repo, whole, path, line, *_changed(repo, whole, path)), verdict


def _changed(repo: Path, commit: str, path: str) -> tuple[str, str]:
    patch = git(repo, "show", "-U0", "--no-color", "--no-ext-diff", "--no-renames", "--format=", commit, "--", path)
    lines = patch.replace("\r", "").split("\n")
    at = next(at for at, line in enumerate(lines) if line.startswith("@@ "))
    was, now = (next(line[1:] for line in lines[at + 1 :] if line[:1] == sign) for sign in "-+")
    return was, now


def against(edit: Edit) -> tuple[Objection, ...]:
    """What stands against saying that an edit changed the wording only."""
    assert edit.passages
    old, new = (said(source) for source in edit.passages)
    return objections(Text(old.text, old.html), Text(new.text, new.html), "en")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path, help="git directories")
    parser.add_argument("--show", action="store_true", help="print what passes and was judged to change the meaning")
    parser.add_argument("--learn", type=int, default=0, help="print so many edits of the other half, with objections")
    options = parser.parse_args()
    count: Counter[tuple[str, bool]] = Counter()
    for repo in options.repositories:
        for edit, verdict in judged(repo):
            passes = not against(edit)
            count[verdict, passes] += 1
            if options.show and passes and verdict == "meaning":
                print(f"- {edit.was}\n+ {edit.now}\n")
        learning = (one for one in edits(repo) if int(one.key[-1], 16) % 2 == 0)
        for edit in islice(learning, options.learn):
            print(f"- {edit.was}\n+ {edit.now}\n  {against(edit)}\n")
    for verdict, told in (("meaning", "change the meaning"), ("wording", "change the wording only")):
        passed = count[verdict, True]
        print(f"{passed} of {passed + count[verdict, False]} that {told} may be declared to be wording only")


if __name__ == "__main__":
    main()
