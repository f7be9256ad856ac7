"""The piece of a text that shows best why it was found, with the words that were looked for marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kb_server.documents.analysis import fold
from kb_server.search.models import MARK, UNMARK

LENGTH = 200  # characters of an excerpt, about
READ = 20_000  # characters of a text that are looked at
MOST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A word in a text that was looked for. `sought` is what it matched."""

    start: int
    end: int
    sought: str


@dataclass(frozen=True, slots=True)
class Marker:
    """Finds in texts what was looked for.

    ``words`` are all the words that can have been meant, each with what it was meant as; ``prefixes`` beginnings of
    words. To look for these few in a text is quicker than to take the text apart.
    """

    words: Mapping[str, str]
    prefixes: tuple[str, ...] = ()

    def places(self, text: str) -> list[Place]:
        """Where what was looked for stands, in order."""
        folded = fold(text)
        places = {at: Place(at, end, prefix) for prefix in self.prefixes for at, end in _beginning(folded, prefix)}
        places |= {
            at: Place(at, end, sought) for word, sought in self.words.items() for at, end in _whole(folded, word)
        }
        return [places[at] for at in sorted(places)[:MOST_PLACES]]

    def marked(self, text: str) -> str:
        """The whole of a short text, marked."""
        return _mark(text, self.places(text))

    def excerpt(self, text: str, *, marks: bool) -> str:
        """The best piece of a text, of whole words, with an ellipsis where something is left out."""
        line = " ".join(text[:READ].split())
        places = self.places(line)
        start, end = _window(line, places)
        shown = [place for place in places if start <= place.start and place.end <= end]
        cut = _mark(line[start:end], [Place(p.start - start, p.end - start, p.sought) for p in shown] if marks else [])
        more = end < len(line) or len(text) > READ
        return ("\u2026 " if start else "") + cut + (" \u2026" if more else "")


def _whole(folded: str, word: str) -> Iterator[tuple[int, int]]:
    return ((at, end) for at, end in _beginning(folded, word) if end - at == len(word))


def _beginning(folded: str, prefix: str) -> Iterator[tuple[int, int]]:
    """The words that begin with `prefix`, the first so many of them."""
    at = folded.find(prefix)
    for _ in range(MOST_PLACES):
        if at < 0:
            return
        end = at + len(prefix)
        if not folded[at - 1 : at].isalnum():
            while folded[end : end + 1].isalnum():
                end += 1
            yield at, end
        at = folded.find(prefix, end)


def _window(line: str, places: list[Place]) -> tuple[int, int]:
    """From where to where the excerpt goes: around as many different words looked for as there are close together."""
    if len(line) <= LENGTH:
        return 0, len(line)
    first, last = _densest(places)
    spare = max(0, LENGTH - (last - first))
    start = max(0, first - spare // 3)
    end = min(len(line), max(last, start + LENGTH))
    start = max(0, min(start, end - LENGTH))
    return _whole_words(line, min(start, first), end, (first, last))


def _densest(places: list[Place]) -> tuple[int, int]:
    best, span = 0.0, (0, 0)
    for index, place in enumerate(places):
        sought: dict[str, None] = {}
        count, end = 0, place.end
        for other in places[index:]:
            if other.end - place.start > LENGTH:
                break
            sought[other.sought] = None
            count, end = count + 1, other.end
        worth = len(sought) + min(count, 5) / 10 - (end - place.start) / LENGTH / 5
        if worth > best:
            best, span = worth, (place.start, end)
    return span


def _whole_words(line: str, start: int, end: int, kept: tuple[int, int]) -> tuple[int, int]:
    """Move both ends to the nearest spaces, inwards, but not into what must be `kept`."""
    if start and line[start - 1] != " ":
        space = line.find(" ", start, max(kept[0], start))
        start = space + 1 if space >= 0 else _back(line, start, kept[0])
    if end < len(line) and line[end] != " ":
        space = line.rfind(" ", max(kept[1], start), end)
        end = space if space > start else _on(line, end)
    return start, end


def _back(line: str, start: int, kept: int) -> int:
    space = line.rfind(" ", 0, start)
    return space + 1 if start - space <= LENGTH else min(start, kept)


def _on(line: str, end: int) -> int:
    space = line.find(" ", end)
    space = len(line) if space < 0 else space
    return space if space - end <= LENGTH else end


def _mark(text: str, places: list[Place]) -> str:
    pieces: list[str] = []
    done = 0
    for place in places:
        pieces += (text[done : place.start], MARK, text[place.start : place.end], UNMARK)
        done = place.end
    return "".join((*pieces, text[done:]))
