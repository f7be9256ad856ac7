# ruff: noqa: RUF001  -- a typographic apostrophe stands in words
"""Spelling, by codespell: a list of mistakes people make, not of words there are. So it is quiet about names.

codespell is under the GPL, so it is run as the program it is, in a process of its own, and none of it is imported. It
gets what people read of all pages at once, a line for a line, and nothing else: no code, no addresses, no file.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence

from kb_server.proofreading.models import Edit, Finding, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.rules.terms import names_of
from kb_server.proofreading.wiki import Wiki

_FOUND = re.compile(r"^(\d+): (\S+) ==> ([^|]+)")
_SHOWN = re.compile(r"^(?:title|description):[ ]*(.*)$")
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = frozenset(
    "the of and to in is that for it you we this with are on be or by as not if an at from can our have has".split()  # noqa: SIM905
)
_FEW, _SHARE = 40, 0.05
_SECONDS = 60
WORDS = "words.txt"
"""A file beside mkdocs.yml: words this wiki spells so, one on each line."""
_ONE = ("--builtin", "clear")
"""Its list of what is a mistake in any text; the one of rare words would find fault with right ones."""


def _misspelt(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    if not wiki.configuration.language.startswith("en") or not pages:
        return
    own = own_words(wiki)
    pages = [page for page in pages if is_english(page.prose)]
    places = [(page, number) for page in pages for number in range(len(page.lines))]
    asked = "\n".join(line for page in pages for line in _lines(page))
    seen: dict[tuple[str, int, str], int] = {}
    for at, word, better in _asked(asked):
        page, number = places[at - 1]
        if word.casefold() in own or word.replace("-", "") in better or _is_named(word, page, number):
            continue  # "re-use" is no slip
        line = page.lines[number]
        start = line.find(word, seen.get((page.path, number, word), 0))
        if start < 0:
            continue
        seen[page.path, number, word] = start + len(word)
        yield _finding(page, page.start_of(number + 1) + start, word, better)


def _finding(page: Page, at: int, word: str, better: str) -> Finding:
    """A misspelt word. What a definition binds is never mended by a program: it would be another text."""
    choices = [one.strip() for one in better.split(",") if one.strip()]
    hint = f"Did you mean {' or '.join(repr(one) for one in choices)}?"
    sure = len(choices) == 1 and "," not in better and page.kind != "definition"
    edit = Edit(at, at + len(word), choices[0]) if sure else None
    return page.found("spelling", "warning", at, f"'{word}' looks misspelt", hint, edit=edit)


def is_english(prose: str) -> bool:
    """Whether a text may be English: a page in another language of an English wiki is none of codespell's.

    Of 2,073 pages of public handbooks those in ten other languages had at most 3 % of these words. Below 5 % no page in
    English was but lists of names.
    """
    words = _WORD.findall(prose.casefold())
    return len(words) < _FEW or sum(word in _COMMON for word in words) >= len(words) * _SHARE


def own_words(wiki: Wiki) -> frozenset[str]:
    """The words that are right here, in small letters: those listed, and those in names of terms, teams and people."""
    names = [wiki.configuration.names, *names_of(wiki.terms)]
    if wiki.teams:
        names += [wiki.teams.company, *(team.name for team in wiki.teams.teams.values())]
        names += [part for one in wiki.teams.people.values() for part in (one.name, one.handle)]
    file = wiki.configuration.home / WORDS
    if file.is_file() and not file.is_symlink():
        names.append(file.read_text(encoding="utf-8-sig", errors="replace"))
    return frozenset(word for name in names for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", name.casefold()))


def _is_named(word: str, page: Page, number: int) -> bool:
    """Whether the word is a name here: capital within a sentence, or all capitals."""
    if word.isupper():
        return True
    before = page.lines[number].partition(word)[0].rstrip()
    return word[:1].isupper() and bool(before) and before[-1] not in ".!?:*#->|“\"'("


def _lines(page: Page) -> Iterable[str]:
    """What people read of each line; of the front matter its title and description."""
    shown = page.prose.split("\n")
    for number in range(page.first):
        found = _SHOWN.match(page.lines[number])
        shown[number] = found[1] if found else ""
    return shown


def _asked(text: str) -> Iterator[tuple[int, str, str]]:
    """What codespell says: line, word, and what it would write."""
    command = [sys.executable, "-m", "codespell_lib", *_ONE, "--stdin-single-line", "-"]
    with tempfile.TemporaryDirectory(prefix="kb-") as nowhere:  # it would take settings from where it is started
        done = subprocess.run(  # noqa: S603  -- no shell, our own interpreter
            command, input=text.encode(), capture_output=True, cwd=nowhere, timeout=_SECONDS, check=False
        )
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        if found := _FOUND.match(line):
            yield int(found[1]), found[2], found[3]


RULES = (
    Rule(
        "spelling",
        "warning",
        "a word that codespell knows as a mistake; `words.txt` lists those that are none",
        mends=True,
    ),
)
LOOKS = (_misspelt,)
