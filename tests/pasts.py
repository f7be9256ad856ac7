"""Small wikis with a real past in git, for the tests of what became of their addresses."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from kb_server.wiki import outline
from kb_server.wiki.past import Present, history

if TYPE_CHECKING:
    from kb_server.pages.history import Address, History, Target

IDENTITY = {
    "GIT_AUTHOR_NAME": "Sam",
    "GIT_AUTHOR_EMAIL": "sam@example.com",
    "GIT_COMMITTER_NAME": "Sam",
    "GIT_COMMITTER_EMAIL": "sam@example.com",
    "GIT_CONFIG_GLOBAL": str(Path(__file__).with_name("gitconfig")),
}
DAY = 86_400


class Past:
    """A wiki in `folder`, pages in `docs`; each commit is made a day after the one before, from 2026-01-01 on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.docs = folder / "docs"
        self.docs.mkdir(parents=True)
        self.time = 1_767_225_600
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        stamp = f"{self.time} +0000"
        environment = os.environ | IDENTITY | {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()

    def write(self, **pages: str | None) -> None:
        """Write pages, `a__b` being docs/a/b.md; None takes one away."""
        for name, text in pages.items():
            path = self.docs / f"{name.replace('__', '/')}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")

    def commit(self, subject: str = "Work", **pages: str | None) -> str:
        self.write(**pages)
        self.git("add", "-A")
        said = self.git("-c", "core.abbrev=40", "commit", "--allow-empty", "-m", subject)
        self.time += DAY
        made = re.search(r"\b([0-9a-f]{40})\]", said)
        assert made, said
        return made[1]

    def pages(self) -> list[Present]:
        found = []
        for path in sorted(self.docs.rglob("*.md")):
            inside = path.relative_to(self.docs).as_posix()
            source = path.read_text(encoding="utf-8")
            text = outline.read(source)
            page_id = text.facts.get("id") or inside.removesuffix(".md")
            sections = [(one.anchor, one.title) for one in text.sections]
            found.append(Present(inside, url_of(inside), page_id, source, sections))
        return found

    def history(self) -> History:
        return history(self.folder, "docs", self.pages(), url_of, self.folder / ".kb")

    def address(self, url: str) -> Address:
        return self.history().addresses[url]

    def page(self, url: str) -> str:
        """The id of the page at this old address, "" if there is none."""
        now = self.address(url).now
        return now.page if now else ""

    def section(self, url: str, anchor: str) -> str | None:
        """Where this old anchor leads: ``page#anchor``; None if it is gone, the anchor itself if nothing is said."""
        sections = self.address(url).sections
        return said(sections[anchor]) if anchor in sections else anchor


def said(target: Target | None) -> str | None:
    return f"{target.page}#{target.section}" if target else None


def url_of(path: str) -> str:
    plain = path.rsplit(".", 1)[0]
    folder, _, name = plain.rpartition("/")
    plain = folder if name.lower() in {"index", "readme"} else plain
    return f"{plain}/" if plain else ""


WORDS = """
amber birch cedar delta ember frost grove heron inlet juniper kelp lotus maple north olive pearl quartz river stone
thorn umber velvet willow yarrow zephyr anchor beacon canyon dagger eagle falcon garnet harbor island
"""


def prose(seed: int, sentences: int = 6) -> str:
    """Text that is like no other: sentences of eight words, the same for the same seed."""
    known, state, lines = WORDS.split(), seed * 7919 + 13, []
    for _ in range(sentences):
        words = []
        for _ in range(8):
            state = (state * 1_103_515_245 + 12_345) % 2**31
            words.append(known[(state >> 8) % len(known)])
        lines.append(" ".join(words).capitalize() + ".")
    return "\n".join(lines)
