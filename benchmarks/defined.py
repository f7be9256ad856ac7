"""A wiki of thousands of definitions and pages that use them, made up; the same for the same numbers.

One page in five defines a term of two words, with criteria, examples and links to two others. The rest say the names of
two terms and link to three; a few terms are used everywhere, most hardly anywhere, as in any language.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
import corpus

from kb_server.builds.sealing import seal
from kb_server.pages import layout
from kb_server.pages import manifest as manifests
from kb_server.pages.manifest import Page

TEAMS = """\
company: Measured
admins: [ada]
teams:
  sales: {name: Sales, hue: blue, head: sam, speakers: [sam], liaisons: [lee]}
  marketing: {name: Marketing, hue: plum, head: mia, speakers: [mia], liaisons: [lee]}
people:
  sam: {name: Sam, email: sam@example.com, teams: [sales]}
  mia: {name: Mia, email: mia@example.com, teams: [marketing]}
  lee: {name: Lee, email: lee@example.com, teams: [sales, marketing]}
  ada: {name: Ada, email: ada@example.com, teams: []}
"""
CONFIG = """\
site_name: Measured
docs_dir: docs
theme: {name: material, font: false, features: [navigation.prune]}
markdown_extensions: [admonition, attr_list, tables: {use_align_attribute: true}, pymdownx.superfences]
plugins: [search, kb]
"""
DEFINITION = """\
---
id: {id}
kind: {kind}
title: {title}
teams: [sales, marketing]
owner: lee
---

## Definition

{title} is {text} It is told from [{other}]({other_at}).

## Criteria

1. {first}
2. {second} See [{further}]({further_at}).
3. At least {number} of them within {days} days.

## Examples

- {example}
- {example_2}

## Why we drew the line here

{why}
"""
PAGE = "---\nid: page-{0}\nteams: [sales]\nowner: sam\n---\n\n# Page {0}\n\n{1}\n\n## First\n\n{2}\n\n## Then\n\n{3}\n"
IN_A_FOLDER = 100
SHELLS = ("search", "waiting", "definition")


class Wiki:
    """So many pages, of which so many are definitions."""

    def __init__(self, definitions: int, pages: int) -> None:
        self._drawn = random.Random(50)
        self._count, self._rest = definitions, pages - definitions
        drafts = corpus.seeded(4_000)
        self._texts = itertools.cycle([draft.text for draft in drafts])
        words = sorted({word for draft in drafts for word in draft.text.split() if word.islower() and word.isalpha()})
        self._titles = self._names(words)
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(definitions)))

    def write(self, target: Path, *, defines: bool = True) -> None:
        """Write its sources into `target`. Where it does not define, the same texts are ordinary pages."""
        for name, text in (("mkdocs.yml", CONFIG), ("teams.yml", TEAMS), ("docs/index.md", "# Home\n\nStart here.\n")):
            _write(target / name, text)
        for name in SHELLS:
            _write(target / f"docs/{name}.md", f"---\nkb_shell: {name}\n---\n\n# {name.capitalize()}\n")
        kind = "definition" if defines else "page"
        for number in range(self._count):
            _write(target / "docs" / _term(number), self._definition(number, kind))
        for number in range(self._rest):
            path = f"work/{number // IN_A_FOLDER:02}/page-{number}.md"
            _write(target / "docs" / path, self._page(number))

    def _names(self, words: list[str]) -> list[str]:
        names: dict[str, None] = {}
        while len(names) < self._count:
            first, second = self._drawn.choices(words, k=2)
            names[f"{first.capitalize()} {second}"] = None
        return list(names)

    def _definition(self, number: int, kind: str) -> str:
        texts, (other, further) = self._sentences(), self._some(2)
        return DEFINITION.format(
            id=f"term-{number}",
            kind=kind,
            title=self._titles[number],
            text=next(texts).lower(),
            other=self._titles[other],
            other_at=f"../../{_term(other)}",
            further=self._titles[further],
            further_at=f"../../{_term(further)}",
            first=next(texts),
            second=next(texts),
            example=next(texts),
            example_2=next(texts),
            number=self._drawn.randint(2, 90),
            days=self._drawn.randint(2, 90),
            why=next(self._texts),
        )

    def _page(self, number: int) -> str:
        said = [self._titles[one] for one in self._some(2)]
        linked = [f"[{self._titles[one]}](../../{_term(one)})" for one in self._some(3)]
        return PAGE.format(number, *map(self._saying, (said, linked[:2], linked[2:])))

    def _saying(self, terms: list[str]) -> str:
        texts = self._sentences()
        return " ".join([*(f"{next(texts)} We look at {term} first." for term in terms), next(self._texts)])

    def _some(self, count: int) -> list[int]:
        return self._drawn.choices(range(self._count), cum_weights=self._weights, k=count)

    def _sentences(self) -> Iterator[str]:
        return (sentence.strip(" .") + "." for text in self._texts for sentence in text.split(". "))


def reworded(builds: Path, build: str, terms: set[str]) -> str:
    """Make another build in which these definitions say something else, without building; gives its id."""
    aside = builds / ".new-reworded"
    shutil.copytree(builds / build, aside, copy_function=os.link, ignore=shutil.ignore_patterns("gzip"))
    found = manifests.read(aside / layout.MANIFEST)
    pages = tuple(_reworded(page) if page.id in terms else page for page in found.pages)
    for name in (layout.MANIFEST, layout.SEAL):
        (aside / name).unlink()  # a link: writing into it would change the build before, too
    manifests.write(replace(found, build="", pages=pages), aside / layout.MANIFEST)
    return aside.rename(builds / seal(aside)).name


def _reworded(page: Page) -> Page:
    other = "0" if page.binding[-1] != "0" else "1"
    sections = tuple(replace(one, text=f"{one.text} In two weeks.") for one in page.sections)
    return replace(page, digest=f"{page.digest}0", binding=page.binding[:-1] + other, sections=sections)


def _term(number: int) -> str:
    return f"terms/{number // IN_A_FOLDER:02}/term-{number}.md"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
