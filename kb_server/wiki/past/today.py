"""Today's pages, as the history needs them: their sections in Markdown, and the anchors they were rendered with."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from kb_server.pages.source import front_matter_lines
from kb_server.wiki import outline
from kb_server.wiki.past.likeness import same_title, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Present:
    """A page of today: `source_path` below the docs folder, its file's whole text, its sections (anchor, title)."""

    source_path: str
    url: str
    id: str
    source: str
    sections: Sequence[tuple[str, str]] = ()


@dataclass(slots=True)
class Standing:
    """A page of today. ``anchors`` leads from those of its Markdown to those it was rendered with.

    ``prints`` are the sentences of its sections, ``given`` its id if its front matter has one.
    """

    id: str
    url: str
    given: str = ""
    anchors: dict[str, str] = field(default_factory=dict)
    tops: tuple[str, ...] = ()
    prints: dict[str, list[int]] = field(default_factory=dict)
    moved_from: tuple[str, ...] = ()


Digested = dict[str, list[Any]]
"""What is kept of a text of today between builds: by its blob, its title's anchor, id and sections."""


def blob_of(source: str) -> str:
    """The name git gives a file with this text."""
    data = source.encode("utf-8", "surrogatepass")
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def standing(pages: Iterable[Present], prefix: str, kept: Digested) -> tuple[dict[str, Standing], Digested]:
    """Today's pages by their path in the repository; and what to keep of them. `kept` is that of the build before."""
    found: dict[str, Standing] = {}
    digested: Digested = {}
    for page in pages:
        blob = blob_of(page.source)
        digested[blob] = kept.get(blob) or _digested(page.source)
        found[f"{prefix}/{page.source_path}".lstrip("/")] = _standing(page, digested[blob])
    return found, digested


def _digested(source: str) -> list[Any]:
    text = outline.read(source)
    sections = [[one.anchor, one.title, sorted(sentences(one.body))] for one in text.sections]
    return [text.top, text.facts.get("id", ""), sections]


def _standing(page: Present, digested: list[Any]) -> Standing:
    top, given, sections = digested
    anchors = _rendered([(anchor, title) for anchor, title, _ in sections], page.sections)
    prints = {anchor: found for anchor, _, found in sections if anchor in anchors}
    return Standing(page.id, page.url, given, anchors, (top,) if top else (), prints, _moved_from(page.source))


def _rendered(read: Sequence[tuple[str, str]], shown: Sequence[tuple[str, str]]) -> dict[str, str]:
    """For each anchor of the Markdown the one it was rendered with: the same, or that of the only equal heading."""
    anchors = {anchor for anchor, _ in shown} | {""}
    by_title: dict[str, list[str]] = defaultdict(list)
    for anchor, title in shown:
        by_title[same_title(title)].append(anchor)
    found = {anchor: anchor for anchor, _ in read if anchor in anchors}
    for anchor, title in read:
        if anchor not in found and len(by_title[same_title(title)]) == 1:
            found[anchor] = by_title[same_title(title)][0]
    return found | {anchor: anchor for anchor in anchors if anchor not in found}


def _moved_from(source: str) -> tuple[str, ...]:
    """The old paths or addresses the page says it had."""
    lines = source.split("\n")[: front_matter_lines(source)]
    if not any(line.startswith("moved_from:") for line in lines):
        return ()
    try:
        said = yaml.safe_load("\n".join(line for line in lines if line.strip() not in {"---", "..."}))["moved_from"]
    except (yaml.YAMLError, TypeError, KeyError):  # the front matter's own check tells the author
        return ()
    return tuple(str(one) for one in (said if isinstance(said, list) else [said]) if one)
