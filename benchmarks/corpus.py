"""The texts a benchmark searches: the sections of any folder of Markdown, or seeded ones of its own.

The seeded texts follow Zipf's law over made-up words with English endings, in sections of a log-normal length, with a
few words that belong together per page: near enough to a wiki for times, and of no use for judging relevance.
"""

from __future__ import annotations

import bisect
import itertools
import random
import re
from collections.abc import Iterator
from pathlib import Path

from kb_server.documents.models import Draft

KINDS = ("page", "page", "page", "practice", "definition", "metric", "role", "note")
TEAMS = ("sales", "marketing", "support")
VOCABULARY = 60_000
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|<[^>]+>|[*`|]|^---\n.*?\n---\n", re.DOTALL)


def from_folder(folder: Path, wanted: int) -> list[Draft]:
    """Up to `wanted` sections of the Markdown files below `folder`, page by page, in the order of their names."""
    pages = (_sections(path, folder) for path in sorted(folder.rglob("*.md")))
    return list(itertools.islice(itertools.chain.from_iterable(pages), wanted))


def seeded(wanted: int, seed: int = 7) -> list[Draft]:
    """`wanted` sections of made-up text; the same for the same seed."""
    source = random.Random(seed)
    words = _words(source)
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    drafts: list[Draft] = []
    while len(drafts) < wanted:
        drafts += _seeded_page(source, words, weights, len(drafts))
    return drafts[:wanted]


def _sections(path: Path, folder: Path) -> Iterator[Draft]:
    page = path.relative_to(folder).with_suffix("").as_posix()
    text = _COMMENT.sub("", path.read_text(encoding="utf-8", errors="replace"))
    # A `#` inside a code block is not a heading.
    plain = _FENCE.sub(lambda block: block.group().replace("#", " "), text)
    before, *parts = _HEADING.split(plain)
    if parts[:1] == ["#"] and not before.strip():  # the page's title: what follows it opens the page
        title, before, parts = parts[1], parts[2], parts[3:]
    else:
        title = parts[1] if parts else page
    kind = KINDS[hash_of(page) % len(KINDS)]
    teams = (TEAMS[hash_of(page) % len(TEAMS)],)
    yield _draft(page, "", title, before, kind, teams, title)
    for number, (heading, body) in enumerate(zip(parts[1::3], parts[2::3], strict=True), 1):
        yield _draft(page, f"s{number}", heading, body, kind, teams, title)


def hash_of(text: str) -> int:
    """A number that is the same on every run."""
    return sum(text.encode()) * 31 + len(text)


def _draft(  # noqa: PLR0913, PLR0917  -- it is a row
    page: str, anchor: str, heading: str, body: str, kind: str, teams: tuple[str, ...], title: str
) -> Draft:
    plain = " ".join(_MARKUP.sub(r"\1", body).split())
    url = f"{page}/#{anchor}" if anchor else f"{page}/"
    facts: dict[str, object] = {"page_title": title, "lead": not anchor}
    return Draft(f"section:{page}#{anchor}", kind, page, _MARKUP.sub(r"\1", heading), url, plain, teams, facts)


def _words(source: random.Random) -> list[str]:
    consonants, vowels = "bcdfghklmnprstvw", "aeiou"
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        stem = "".join(
            source.choice(consonants) + source.choice(vowels) for _ in range(source.choice((1, 2, 2, 3, 3, 4)))
        )
        for ending in ("", source.choice(("n", "t", "rs", "ning", "ted", "ly", "tion", "ment"))):
            words[stem + ending] = None
    return list(words)


def _seeded_page(source: random.Random, words: list[str], weights: list[float], number: int) -> Iterator[Draft]:
    page = f"p{number}"
    subject = [source.choice(words[50:20_000]) for _ in range(12)]
    title = " ".join(source.sample(subject, 3)).capitalize()
    kind, team = source.choice(KINDS), source.choice(TEAMS)
    for section in range(source.randint(3, 12)):
        length = min(1_200, int(source.lognormvariate(4.4, 0.8)) + 8)
        drawn = [words[bisect.bisect(weights, source.random() * weights[-1])] for _ in range(length)]
        mixed = [source.choice(subject) if source.random() < 0.08 else word for word in drawn]
        heading = title if not section else " ".join(source.sample(subject, 2) + drawn[:2])
        yield _draft(page, f"s{section}" if section else "", heading, _prose(source, mixed), kind, (team,), title)


def _prose(source: random.Random, words: list[str]) -> str:
    sentences, rest = [], words
    while rest:
        cut = source.randint(6, 18)
        sentences.append(" ".join(rest[:cut]).capitalize() + ".")
        rest = rest[cut:]
    return " ".join(sentences)
