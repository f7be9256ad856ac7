"""Questions drawn from texts, always the same for the same texts: of each kind to take times of, and known items."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.search.models import Request

ENGLISH = analyser_for("en")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FILLER = ("how", "do", "we", "the", "when", "a", "is", "what", "for", "to")
SENTENCE = re.compile(r"(?<=[.!?:])\s")
LONGEST, SHORTEST = 15, 6  # words of a first sentence that is asked for: of a longer one the first so many


class Item(NamedTuple):
    """A section that somebody looks for, and what they may type: a query by each of the `RULES`."""

    url: str
    source: str
    queries: tuple[str, ...]


class Asker:
    """Draws questions to take times of."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._source = random.Random(11)
        self._texts = [draft.text for draft in drafts if len(draft.text.split()) > 20]
        count = Counter(word for draft in drafts for word in set(ENGLISH.words(f"{draft.title} {draft.text}")))
        self._words = sorted((word for word in count if _tells(word)), key=lambda word: (-count[word], word))

    def of_each_kind(self, count: int) -> dict[str, list[Request]]:
        """`count` questions of every kind."""
        kinds: dict[str, Callable[[], Request]] = {
            "common word": lambda: Request(self._source.choice(self._words[:40])),
            "rare word": lambda: Request(self._source.choice(self._words[len(self._words) // 10 :])),
            "two or three words": lambda: Request(self._near(self._source.choice((2, 3)))),
            "phrase": lambda: Request(f'"{self._phrase()}"'),
            "prefix, while typing": lambda: Request(self._beginning(), typing=True, marks=True, facets=False),
            "misspelt": lambda: Request(misspelt(self._near(2), self._source)),
            "filtered": lambda: Request(f"{self._near(2)} kind:page team:sales"),
            "question of 10 to 15 words": lambda: Request(self._question()),
        }
        return {kind: [make() for _ in range(count)] for kind, make in kinds.items()}

    def misspelt(self, count: int) -> list[tuple[Request, Request]]:
        """Two words that stand in one text, and the same with one letter wrong."""
        right = [self._near(2) for _ in range(count)]
        return [(Request(query), Request(misspelt(query, self._source))) for query in right]

    def _near(self, count: int) -> str:
        """Words that stand in one text."""
        words = [word for word in ENGLISH.words(self._source.choice(self._texts)) if len(word) > 3 and _tells(word)]
        telling = list(dict.fromkeys(words)) or self._words[:count]
        return " ".join(self._source.sample(telling, min(count, len(telling))))

    def _question(self) -> str:
        """As people ask: a third of the words says nothing."""
        length = self._source.randint(10, 15)
        words = self._near(length - length // 3).split() + self._source.choices(FILLER, k=length // 3)
        self._source.shuffle(words)
        return " ".join(words)

    def _phrase(self) -> str:
        words = ENGLISH.words(self._source.choice(self._texts))
        start = self._source.randrange(max(1, len(words) - 4))
        return " ".join(words[start : start + self._source.choice((2, 3, 4))])

    def _beginning(self) -> str:
        *first, last = self._near(self._source.choice((1, 2))).split()
        return " ".join([*first, last[: self._source.randint(2, max(2, len(last) - 1))]])


def misspelt(query: str, source: random.Random) -> str:
    """The query with one letter of its longest word missing, added, changed or swapped with the one before."""
    words = query.split()
    place = max(range(len(words)), key=lambda index: (len(words[index]), index))
    word, letter = words[place], source.choice(LETTERS)
    if len(word) < 2:
        return query
    at = source.randrange(1, len(word))
    words[place] = source.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        )
    )
    return " ".join(words)


def _shortened(query: str, source: random.Random) -> str:
    """Half of the words that say something, and two at least, in their order."""
    words = query.split()
    telling = [place for place, word in enumerate(words) if _tells(word)] or list(range(len(words)))
    kept = source.sample(telling, min(len(telling), max(2, len(telling) // 2)))
    return " ".join(words[place] for place in sorted(kept))


def _reordered(query: str, source: random.Random) -> str:
    """The same words in any order."""
    words = query.split()
    return " ".join(source.sample(words, len(words)))


RULES: dict[str, Callable[[str, random.Random], str]] = {
    "whole": lambda query, _: query,
    "shortened": _shortened,
    "reordered": _reordered,
    "misspelt": misspelt,
}


def known_items(drafts: Sequence[Draft], count: int) -> list[Item]:
    """Up to `count` sections by their heading, and as many by the first sentence, where no other has the same."""
    source = random.Random(23)
    items: list[Item] = []
    for name, text_of in (("heading", _heading), ("first sentence", _first_sentence)):
        texts = {draft.url: text_of(draft) for draft in drafts}
        count_of = Counter(texts.values())
        alone = sorted(url for url, text in texts.items() if text and count_of[text] == 1)
        items += [
            Item(url, name, tuple(rule(texts[url], source) for rule in RULES.values()))
            for url in source.sample(alone, min(count, len(alone)))
        ]
    return items


def _heading(draft: Draft) -> str:
    return " ".join(ENGLISH.words(draft.title)) if draft.text else ""


def _first_sentence(draft: Draft) -> str:
    words = ENGLISH.words(SENTENCE.split(draft.text, 1)[0])[:LONGEST]
    return " ".join(words) if len(words) >= SHORTEST else ""


def _tells(word: str) -> bool:
    return len(word) > 2 and word.isalpha() and word not in ENGLISH.stop_words
