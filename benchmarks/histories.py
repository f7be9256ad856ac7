"""A wiki as it was at any commit, and passages drawn from it."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import plainly
from following import Followed, git, words_of
from plainly import Read

from kb_server.pages.manifest import Section
from kb_server.pages.passages import Passage
from kb_server.pages.quotes import cut

YEAR = 365.25 * 86_400  # seconds
LONGEST = 1_500  # characters of a passage


class Wiki:
    """The pages of a repository; what was read once is kept."""

    def __init__(self, repo: Path) -> None:
        self.repo, self._read = repo, dict[tuple[str, str], Read]()

    def at(self, commit: str) -> dict[str, Read]:
        """The pages at a commit, each by its path."""
        blobs = {}
        for row in git(self.repo, "-c", "core.quotepath=off", "ls-tree", "-r", commit).splitlines():
            kind, _, path = row.partition("\t")
            if path.endswith(".md") and not path.startswith(".") and not kind.startswith("120000"):
                blobs[path] = kind.split()[2]
        missing = [(path, blob) for path, blob in blobs.items() if (path, blob) not in self._read]
        for (path, blob), source in zip(missing, self._sources([blob for _, blob in missing]), strict=True):
            self._read[path, blob] = plainly.read(path, source, blob)
        return {path: self._read[path, blob] for path, blob in blobs.items()}

    def lines(self, commit: str, path: str) -> list[str]:
        """The source of a page."""
        return git(self.repo, "show", f"{commit}:{path}").replace("\r\n", "\n").split("\n")

    def ends(self, until: str, years: float) -> tuple[str, str]:
        """The last commit of the main line up to a day ("" for the very last), and the one so many years before.

        Where the history is not so long, that is the first one.
        """
        before = [f"--before={until}"] if until else []
        last = git(self.repo, "rev-list", "--first-parent", "-1", *before, "HEAD").strip()
        time = int(git(self.repo, "log", "-1", "--format=%ct", last)) - int(years * YEAR)
        since = git(self.repo, "rev-list", "--first-parent", "-1", f"--before={time}", last).strip()
        return since or git(self.repo, "rev-list", "--first-parent", last).split()[-1], last

    def between(self, since: str, until: str, builds: int) -> list[str]:
        """The first commit, so many of those that changed a page, at equal distances, and the last."""
        found = git(self.repo, "rev-list", "--first-parent", "--reverse", f"{since}..{until}", "--", "*.md").split()
        stride = max(1, len(found) // builds)
        return list(dict.fromkeys([since, *found[stride - 1 :: stride], until]))

    def _sources(self, blobs: Sequence[str]) -> list[str]:
        command = ["git", "--git-dir", str(self.repo), "cat-file", "--batch"]
        asked = "".join(f"{blob}\n" for blob in blobs).encode()
        out = subprocess.run(command, input=asked, capture_output=True, check=True).stdout
        texts, at = [], 0
        for _ in blobs:
            start = out.index(b"\n", at) + 1
            size = int(out[at:start].split()[-1])
            texts.append(out[start : start + size].decode("utf-8", "replace"))
            at = start + size + 1
        return texts


def sample(pages: dict[str, Read], size: int, seed: int) -> list[Passage]:
    """Passages of every kind: sentences, some words of one, whole blocks, two blocks together."""
    source = random.Random(seed)
    blocks = [
        (path, section, found.start(), found.end())
        for path, page in sorted(pages.items())
        for section in page.page.sections
        for found in re.finditer(r"[^\n]+", section.text)
        if len(words_of(found[0])) >= 3
    ]
    chosen = source.sample(blocks, min(size, len(blocks)))
    return [_part(path, section, start, end, source) for path, section, start, end in chosen]


def _part(path: str, section: Section, start: int, end: int, source: random.Random) -> Passage:
    kind, text = source.random(), section.text[start:end]
    sentences = [found for found in re.finditer(r"\S.*?(?:[.!?](?=\s)|$)", text) if len(words_of(found[0])) >= 3]
    if kind < 0.5 and sentences:
        found = source.choice(sentences)
        start, end = start + found.start(), start + found.end()
    elif kind < 0.7:
        words = list(re.finditer(r"\S+", text))
        first = source.randrange(max(1, len(words) - 4))
        last = min(len(words) - 1, first + source.randrange(3, 10))
        start, end = start + words[first].start(), start + words[last].end()
    elif kind > 0.9:
        following = section.text.find("\n", end + 1)
        end = following if following > 0 else len(section.text)
    return Passage(path, section.anchor, cut(section.text, start, min(end, start + LONGEST)))


def followed(page: Read, passage: Passage, source: list[str]) -> Followed:
    """A passage as the lines of the source it comes from."""
    quote = passage.quote
    lines = sorted(page.lines(passage.section, quote.position, quote.position + len(quote.exact)))
    return Followed(passage.page, lines[0], lines[-1], source[lines[0] - 1 : lines[-1]], words_of(quote.exact))
