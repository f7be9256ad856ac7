"""How often a real change of a wiki changes no meaning: ``make bench-meaning REPO="…"``, git directories; see --help.

Pages are rendered by Python-Markdown and digested section by section, as the plugin does it, before and after each
commit (merges apart) that touched Markdown; of long histories, commits at equal distances. An edit is one page in one
commit. ``meaning-judged.json`` keeps what somebody who read 100 of those that change no meaning thinks of them: "same",
or what the digests did not see.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import posixpath
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import markdown
from rendered import EXTENSIONS

from kb_server.pages.differences import pieces
from kb_server.pages.meaning import combine, digest
from kb_server.pages.sections import sections_of
from kb_server.pages.source import front_matter_lines

JUDGED = Path(__file__).with_name("meaning-judged.json")
MARKS = ["pymdownx.tilde", "pymdownx.caret", "pymdownx.tasklist", "pymdownx.details"]


@dataclass(frozen=True)
class Edit:
    """A page in a commit: its path and content before and after; "" where there was or is none."""

    commit: str
    old: str
    new: str
    was: str
    now: str

    @property
    def key(self) -> str:
        """By which edits are drawn for judging."""
        return hashlib.sha256(f"{self.commit}:{self.new}".encode()).hexdigest()[:16]


class Pages:
    """The pages of a history, and what each means; what was read once is kept."""

    def __init__(self, repo: Path) -> None:
        command = ["git", "--git-dir", str(repo), "cat-file", "--batch"]
        self._reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._known: dict[tuple[str, str], str] = {}

    def text(self, blob: str) -> str:
        """A page's Markdown without front matter."""
        assert self._reader.stdin
        assert self._reader.stdout
        self._reader.stdin.write(f"{blob}\n".encode())
        self._reader.stdin.flush()
        size = int(self._reader.stdout.readline().split()[2])
        text = self._reader.stdout.read(size + 1)[:-1].decode("utf-8", "replace").replace("\r\n", "\n")
        return "\n".join(text.split("\n")[front_matter_lines(text) :])

    def meaning(self, path: str, blob: str) -> str:
        """The digest of what a page means."""
        if (path, blob) not in self._known:
            html = markdown.Markdown(extensions=[*EXTENSIONS, *MARKS]).convert(self.text(blob))
            found = sections_of(html, link=lambda href: _target(path, href))
            self._known[path, blob] = combine(digest(section.meaning) for section in found)
        return self._known[path, blob]


def _target(path: str, href: str) -> str | None:
    if "://" in href or href.startswith(("mailto:", "//", "tel:")):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), href)) if href[:1] != "#" else href


def commits(repo: Path, most: int) -> list[list[Edit]]:
    """The edits of each commit that touched Markdown, oldest first; of many, so many at equal distances."""
    command = ["git", "--git-dir", str(repo), "-c", "core.quotepath=off", "log", "--no-merges", "--reverse", "--raw"]
    command += ["--no-abbrev", "-M", "--format=%x01%H", "--", "*.md"]
    out = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "replace")
    found = [list(_edits(whole)) for whole in out.split("\x01")[1:]]
    stride = max(1, len(found) / most)
    return [found[int(at * stride)] for at in range(int(len(found) / stride))]


def _edits(whole: str) -> Iterator[Edit]:
    commit, _, rows = whole.partition("\n")
    for row in rows.strip().splitlines():
        about, *paths = row.split("\t")
        _, mode, was, now, _ = about.split()
        if "120000" not in (about.split()[0][1:], mode):
            yield Edit(commit, paths[0], paths[-1], was.strip("0") and was, now.strip("0") and now)


def is_same(pages: Pages, edit: Edit) -> bool:
    """Whether an edit changes no meaning."""
    if not edit.was or not edit.now:
        return False
    try:
        return pages.meaning(edit.old, edit.was) == pages.meaning(edit.new, edit.now)
    except (RecursionError, AssertionError):
        return False


def measured(repo: Path, options: argparse.Namespace) -> str:
    """A row of the table; the edits to be judged are printed above it."""
    pages, count, same = Pages(repo), Counter[str](), list[Edit]()
    for edits in commits(repo, options.commits):
        verdicts = [is_same(pages, edit) for edit in edits]
        kept = [edit for edit, verdict in zip(edits, verdicts, strict=True) if verdict]
        count.update(commits=1, quiet=all(verdicts), edits=len(edits), same=len(kept))
        same += [edit for edit in kept if edit.was != edit.now]
    for edit in sorted(same, key=lambda one: one.key)[: options.judge]:
        print(json.dumps([edit.commit[:12], edit.new]), *_shown(pages, edit), sep="\n", end="\n\n")
    quiet, unchanged = (100 * count[one] / max(1, count[of]) for one, of in (("quiet", "commits"), ("same", "edits")))
    name = repo.parent.name if repo.name == "repo" else repo.name
    return f"| {name} | {count['commits']} | {quiet:.1f} | {count['edits']} | {unchanged:.1f} |"


def _shown(pages: Pages, edit: Edit) -> Iterable[str]:
    was, now = (pages.text(blob).split("\n") for blob in (edit.was, edit.now))
    old, new = (Counter(lines) for lines in (was, now))
    gone, came = ("\n".join(line for line in lines if line not in other) for lines, other in ((was, new), (now, old)))
    shown = "".join(
        one.text if one.kind == "same" else f"[-{one.text}-]" if one.kind == "out" else f"{{+{one.text}+}}"
        for one in pieces(gone[:3000], came[:3000])
    )
    return [line for line in shown.split("\n") if "[-" in line or "{+" in line or "-]" in line or "+}" in line][:12]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path, help="git directories")
    parser.add_argument("--commits", type=int, default=1000, help="look at no more of each history")
    parser.add_argument("--judge", type=int, default=0, help="print so many edits of each that change no meaning")
    options = parser.parse_args()
    rows = [measured(repo, options) for repo in options.repositories]
    print("| history | commits | that change no meaning, % | edits of a page | that change no meaning, % |")
    print("| --- " * 5 + "|", *rows, sep="\n")
    verdicts = Counter(row[2] for rows in json.loads(JUDGED.read_text("utf-8")).values() for row in rows)
    print(f"\njudged by hand: {dict(verdicts)}")


if __name__ == "__main__":
    main()
