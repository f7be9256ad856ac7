"""Pages of a public wiki as Python-Markdown renders them: their sections with anchors and lines, for `history.py`."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import markdown

from kb_server.pages.source import front_matter_lines, locate
from kb_server.wiki.past import Present
from kb_server.wiki.past.walk import is_page

EXTENSIONS = ["toc", "attr_list", "tables", "footnotes", "admonition", "def_list", "md_in_html", "pymdownx.superfences"]


class Section(NamedTuple):
    """A rendered heading with the lines (0-based, end exclusive) its section has in the source."""

    anchor: str
    title: str
    first: int
    last: int
    level: int
    top: bool


@dataclass(frozen=True)
class Page:
    """A page of some commit."""

    id: str
    path: str
    url: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]


class Shown(NamedTuple):
    """A page of today for the program, as the plugin would give it."""

    present: Present


def url_of(path: str) -> str:
    """The address MkDocs gives a page."""
    plain = re.sub(r"\.[A-Za-z]+$", "", path)
    folder, _, name = plain.rpartition("/")
    plain = folder if name.lower() in {"index", "readme"} else plain
    return f"{plain}/" if plain else ""


_READERS: dict[Path, subprocess.Popen[bytes]] = {}


@lru_cache(maxsize=2000)
def _text(repo: Path, blob: str) -> str:
    if repo not in _READERS:
        command = ["git", "-C", str(repo), "cat-file", "--batch"]
        _READERS[repo] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    reader = _READERS[repo]
    assert reader.stdin
    assert reader.stdout
    reader.stdin.write(f"{blob}\n".encode())
    reader.stdin.flush()
    size = int(reader.stdout.readline().split()[2])
    return reader.stdout.read(size + 1)[:-1].decode("utf-8", "replace")


@cache
def _sections(repo: Path, blob: str) -> tuple[Section, ...]:
    source = _text(repo, blob)
    plain = source.replace("\r\n", "\n")
    body = "\n".join(plain.split("\n")[front_matter_lines(plain) :])
    md = markdown.Markdown(extensions=EXTENSIONS)
    try:
        md.convert(body)
    except RecursionError:
        return ()
    tokens = list(_flat(md.toc_tokens))  # type: ignore[attr-defined]  # the toc extension's
    titles = [(token["level"], unescape(token["name"])) for token in tokens]
    where = locate(plain, titles)[1:]
    return tuple(
        Section(token["id"], title, lines[0] - 1, lines[1], level, at == 0 and level == 1)
        for at, (token, (level, title), lines) in enumerate(zip(tokens, titles, where, strict=True))
        if lines
    )


def _flat(tokens: list[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from _flat(token["children"])


def page_of(repo: Path, docs: str, path: str, blob: str) -> Page:
    """The page in this blob; its id is its path."""
    inside = path[len(docs) :].lstrip("/")
    return Page(inside, path, url_of(inside), tuple(_text(repo, blob).split("\n")), _sections(repo, blob))


def present(repo: Path, docs: str) -> list[Shown]:
    """The pages of HEAD."""
    command = ["git", "-C", str(repo), "ls-tree", "-r", "-z", "HEAD"]
    rows = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode("utf-8", "replace").split("\0")
    shown = []
    for about, _, path in (row.partition("\t") for row in rows):
        if is_page(path) and about.startswith("100") and (not docs or path.startswith(f"{docs}/")):
            page = page_of(repo, docs, path, about.split()[2])
            sections = [(one.anchor, one.title) for one in page.sections if not one.top]
            shown.append(Shown(Present(page.id, page.url, page.id, _text(repo, about.split()[2]), sections)))
    return shown
