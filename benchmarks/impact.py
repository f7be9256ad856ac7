"""Whether what `kb impact` says of real commits comes about: ``python benchmarks/impact.py REPOSITORY``; see --help.

Commits of a public wiki of Markdown, evenly drawn from its history, are put into a wiki of ours, each after the one
before it. The first paragraphs of a page are a definition, too, so that real edits reword definitions; what commits say
of suggestions is made up with a seed: `Closes:`, `Refs:`, reverts, copies, `Wording:`. People speak about sentences
(every other on a page that the commit changes), agree to definitions, and reopen what was closed. Then `kb impact` is
asked, the commit is published for real, and what came about is read in the log, in the rows of the conversations, and
by following every link (`tests/foretold.py`).
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import fields
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from foretold import CONFIG, TEAMS, Kinds, Replay, said
from pasts import Past

TERM = "---\nid: {id}\nkind: definition\nowner: sam\nteams: [sales, marketing]\nreview: 2040-01-01\n---\n\n"
SUGGESTIONS = 40
PARAGRAPHS = 12
_PROSE = re.compile(r"(?m)^(?![#>*\-|<\[! \t]|\d+\.)(.{40,})$")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")


class Source:
    """A repository of Markdown."""

    def __init__(self, repo: Path, folder: str) -> None:
        self.repo, self.folder = repo, folder

    def git(self, *arguments: str) -> str:
        """What git answers."""
        done = subprocess.run(["git", "-C", str(self.repo), *arguments], check=True, stdout=subprocess.PIPE)
        return done.stdout.decode("utf-8", "replace")

    def commits(self, many: int) -> list[tuple[str, str]]:
        """So many commits that changed a page, at equal distances, each with its parent."""
        where = f"{self.folder}/*.md" if self.folder else "*.md"
        rows = self.git("log", "--first-parent", "--reverse", "--format=%H %P", "--", where).splitlines()
        found = [row.split()[:2] for row in rows if " " in row][10:]
        stride = max(1, len(found) // many)
        return [(parent, commit) for commit, parent in found[stride - 1 :: stride]][:many]

    def pages(self, commit: str) -> dict[str, str]:
        """The pages of a commit by their paths."""
        rows = self.git("ls-tree", "-r", "-z", commit, *([f"{self.folder}/"] if self.folder else [])).split("\0")
        paths = [(row.split("\t")[1], row.split()[2]) for row in rows if row.startswith("100")]
        return {
            path.removeprefix(f"{self.folder}/"): self.git("cat-file", "blob", blob)
            for path, blob in paths
            if path.endswith(".md") and not path.startswith(".")
        }


def lay_out(past: Past, pages: dict[str, str]) -> None:
    """Put pages into the wiki instead of those there are, with the definitions that are made of them."""
    for file in past.docs.rglob("*.md"):
        file.unlink()
    terms = {path: name for path, name in ((path, _term(path)) for path in pages) if _first(pages[path])}
    for number, (path, text) in enumerate(sorted(pages.items())):
        near = sorted(terms.values())[number % max(1, len(terms)) :][:2]
        up = "../" * path.count("/")
        links = "".join(f"\n\nSee [{name}]({up}terms/{name}.md).\n" for name in near)
        _write(past.docs / path, text + links)
    for path, name in terms.items():
        _write(
            past.docs / "terms" / f"{name}.md",
            TERM.format(id=f"term-{name}") + f"# Term {name}\n\n## Definition\n\n{_first(pages[path])}\n",
        )
    if not {"index.md", "README.md"} & set(pages):
        _write(past.docs / "index.md", "# Home\n\nWelcome.\n")


def message(replay: Replay, past: list[str], source: random.Random) -> str:
    """What a commit says, made up."""
    lines = [f"Work {source.randrange(10_000)}", ""]
    if source.random() < 0.45:
        lines.append(f"Closes: S-{source.randrange(1, SUGGESTIONS + 3)}")
    if source.random() < 0.25:
        lines.append(f"Refs: S-{source.randrange(1, SUGGESTIONS)}, S-{source.randrange(1, SUGGESTIONS)}")
    if past and source.random() < 0.2:
        lines.append(f"This reverts commit {source.choice(past)}.")
    if past and source.random() < 0.1:
        return replay.past.git("log", "-1", "--format=%B", source.choice(past))
    if source.random() < 0.5:
        lines.append("Wording: " + ", ".join(f"term-{_term(path.name)}" for path in replay.past.docs.glob("*.md")))
    return "\n".join(lines)


def reopen(replay: Replay, source: random.Random) -> None:
    """Let somebody reopen some of what is done."""
    house = replay.people()
    for number in range(1, SUGGESTIONS + 1):
        if house.one(number).state == "done" and source.random() < 0.3:
            house.act("sam", number, "reopen", words="Not yet")


def differences(foretold: Kinds, came: Kinds) -> list[str]:
    """What was foretold and did not come, and what came and was not foretold."""
    found = []
    for kind in fields(Kinds):
        was, now = getattr(foretold, kind.name), getattr(came, kind.name)
        found += [f"{kind.name}: foretold, did not come: {one}" for one in sorted(was - now, key=str)]
        found += [f"{kind.name}: came, not foretold: {one}" for one in sorted(now - was, key=str)]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("--folder", default="", help="the folder of the pages within it")
    parser.add_argument("--commits", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60, help="begin no other commit after that")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="kb-") as folder:
        run(Source(options.repository, options.folder), Path(folder), options)


def run(source: Source, folder: Path, options: argparse.Namespace) -> None:
    """Publish commit after commit."""
    past, began, chance = Past(folder / "wiki"), time.monotonic(), random.Random(options.seed)
    (past.folder / "mkdocs.yml").write_text(CONFIG)
    (past.folder / "teams.yml").write_text(TEAMS)
    replay, same, total, made = Replay(past, folder / "data", options.seed), 0, Counter[str](), list[str]()
    for number, (parent, commit) in enumerate(source.commits(options.commits), 1):
        if time.monotonic() - began > options.minutes * 60:
            break
        past.git("checkout", "-q", *(["-B", "change"] if made else ["-b", "change"]))
        before, after = source.pages(parent), source.pages(commit)
        lay_out(past, before)
        replay.publish(past.commit("Work of others"))
        if number == 1:
            for one in range(SUGGESTIONS):
                replay.people().ask("sam", f"Improve the wiki, {one}")
        replay.talk(8, [path for path in before if before[path] != after.get(path)])
        replay.agree(0.5)
        reopen(replay, chance)
        past.git("checkout", "-q", "-B", "change")
        lay_out(past, after)
        made.append(past.commit(message(replay, made, chance)))
        foretold = replay.foretold(made[-1])
        came, agreed = replay.came(made[-1], 0.6)
        wrong = differences(said(foretold, agreed), came)
        same += not wrong
        total.update({kind.name: len(getattr(came, kind.name)) for kind in fields(Kinds)})
        print(f"{number:3} {commit[:10]} {'the same' if not wrong else 'NOT THE SAME'}", file=sys.stderr, flush=True)
        for line in wrong:
            print(f"      {line}", file=sys.stderr, flush=True)
    replay.close()
    came_about = ", ".join(f"{count:,} {kind}" for kind, count in total.items())
    minutes = (time.monotonic() - began) / 60
    print(
        f"{same} of {len(made)} commits: all came about as foretold, and nothing else ({came_about}); {minutes:.0f} min"
    )


def _first(text: str) -> str:
    """The first paragraphs of a page, in plain words."""
    return "\n\n".join(_LINK.sub(r"\1", one).strip() for one in _PROSE.findall(text)[:PARAGRAPHS])


def _term(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.lower().removesuffix(".md")).strip("-")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
