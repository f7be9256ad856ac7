"""A small wiki on disk, to be read as a proofreader reads it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from kb_server.proofreading import service
from kb_server.proofreading.models import Finding

MKDOCS = """\
site_name: Test
theme: {name: material}
plugins: [search, kb]
validation:
  links: {not_found: warn, anchors: warn, absolute_links: relative_to_docs, unrecognized_links: warn}
"""
TEAMS = """\
company: Hollin & Reed
teams:
  sales: {name: Sales, hue: blue, speakers: [sam]}
people:
  sam: {name: Sam Ortega, email: sam@hollin.com}
"""


class Folder:
    """A wiki in a folder: files are written, looked at, mended."""

    def __init__(self, home: Path, *, fresh: bool = True) -> None:
        self.home = home
        self.file = home / "mkdocs.yml"
        if fresh:
            self.put("mkdocs.yml", MKDOCS)
            self.put("teams.yml", TEAMS)

    def write(self, **files: str) -> None:
        """Write pages by name: ``two__lead`` is docs/two/lead.md."""
        for name, text in files.items():
            self.put(f"docs/{name.replace('__', '/')}.md", text)

    def put(self, path: str, text: str | bytes) -> Path:
        place = self.home / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
        return place

    def check(self, *, everything: bool = True, since: str | None = None) -> list[Finding]:
        return list(service.check(self.file, everything=everything, since=since).findings)

    def said(self, *, everything: bool = True, since: str | None = None) -> list[str]:
        """What was found, a line for each: place, rule."""
        found = self.check(everything=everything, since=since)
        return [f"{one.path.removeprefix('docs/')}:{one.line} {one.rule}" for one in found]

    def fix(self, *, everything: bool = True, spelling: bool = False, dry_run: bool = False) -> list[str]:
        return [str(one) for one in service.fix(self.file, everything=everything, spelling=spelling, dry_run=dry_run)]

    def git(self, *words: str) -> str:
        command = ["git", "-c", "user.name=T", "-c", "user.email=t@example.com", *words]
        return subprocess.run(command, cwd=self.home, check=True, capture_output=True, text=True).stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "A change")

    def read(self, path: str) -> str:
        return (self.home / path).read_text(encoding="utf-8")
