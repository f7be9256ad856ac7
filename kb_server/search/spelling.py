"""The words there are, unstemmed, with the number of documents each stands in; and what any other word may mean.

A correction is one edit away (a letter missing, added, changed, or two swapped), which is what people mistype. The
candidates are made from the word typed and looked up, so that nothing has to be prepared but the words themselves.
Over stems the same would fail: a misspelt ending changes the stem beyond one edit.
"""

from __future__ import annotations

import bisect
import unicodedata
from array import array
from collections import Counter
from collections.abc import Callable, Iterator

SHORTEST = 3  # letters of a word that may be corrected
LONGEST = 40
FIRST, SECOND = 3, 2  # letters of the parts of a word at least: "login"
LETTERS = 64  # of one script that are tried; scripts with more (Chinese, say) have no spelling in this sense


class Vocabulary:
    """Words with their frequencies, following the documents one by one."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        self.documents = 0
        self._stem = stem
        self._forms: dict[str, list[str]] = {}
        self._places = 0
        self._numbers: dict[str, int] = {}
        self._words: list[str] = []
        self._frequency: list[int] = []
        self._of: dict[int, array[int]] = {}
        self._sorted: list[str] | None = None
        self._letters: dict[str, str] | None = None

    def put(self, document: int, words: str) -> None:
        """Take in a document's words, separated by spaces, each once; "" forgets the document."""
        frequency, numbers = self._frequency, self._numbers
        before = self._of.pop(document, ())
        self._places -= len(before)
        for number in before:
            frequency[number] -= 1
        if words:
            of = array(
                "I", [self._number(word) if (n := numbers.get(word)) is None else n for word in words.split(" ")]
            )
            for number in of:
                frequency[number] += 1
            self._of[document] = of
            self._places += len(of)
        self.documents = len(self._of)
        self._sorted = self._letters = None

    def frequency(self, word: str) -> int:
        """In how many documents the word stands."""
        number = self._numbers.get(word)
        return 0 if number is None else self._frequency[number]

    @property
    def usual_length(self) -> float:
        """How many words a document usually has: about seven for every five different ones."""
        return max(1.0, 1.4 * self._places / (self.documents or 1))

    def knows(self, word: str) -> bool:
        """Whether the word stands somewhere, with whatever ending."""
        return self.frequency(word) > 0 or self.share(self._stem(word)) > 0

    def share(self, stem: str) -> float:
        """In what part of the documents a word with this stem stands, at most."""
        return min(1.0, sum(map(self.frequency, self.forms(stem))) / (self.documents or 1))

    def forms(self, stem: str) -> list[str]:
        """The words with this stem."""
        return self._forms.get(stem, [])

    def begins_some(self, text: str) -> bool:
        """Whether a word begins with `text`."""
        words = self._in_order()
        place = bisect.bisect_left(words, text)
        return place < len(words) and words[place].startswith(text)

    def made_of(self, word: str) -> list[tuple[str, str]]:
        """The two words that "handover" is made of, if there are such: both more frequent than the whole."""
        pairs = [(word[:place], word[place:]) for place in range(FIRST, len(word) - SECOND + 1)]
        found = {pair: min(map(self.frequency, pair)) for pair in pairs}
        best = max(found, key=found.__getitem__, default=None)
        return [best] if best and found[best] > self.frequency(word) else []

    def corrections(self, word: str) -> list[str]:
        """Words one edit away, the most frequent first."""
        if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()):
            return []
        found = {near: self.frequency(near) for near in _one_edit_away(word, self._alphabet(word))}
        found.pop(word, None)
        return sorted((near for near, count in found.items() if count), key=lambda near: (-found[near], near))

    def _number(self, word: str) -> int:
        # In this order, since other threads read meanwhile: a word is known last.
        self._words.append(word)
        self._frequency.append(0)
        self._numbers[word] = number = len(self._words) - 1
        self._forms.setdefault(self._stem(word), []).append(word)
        return number

    def _in_order(self) -> list[str]:
        words = self._sorted
        if words is None:
            words = self._sorted = sorted(
                word for word, count in zip(list(self._words), self._frequency, strict=False) if count
            )
        return words

    def _alphabet(self, word: str) -> str:
        letters = self._letters
        if letters is None:
            letters = self._letters = _letters_by_script(list(self._words))
        return letters.get(_script(word[0]), "")


def _one_edit_away(word: str, alphabet: str) -> Iterator[str]:
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    for before, after in cuts:
        if after:
            yield before + after[1:]
            for letter in alphabet:
                yield before + letter + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in alphabet:
            yield before + letter + after


def _letters_by_script(words: list[str]) -> dict[str, str]:
    counts = Counter(letter for letter in "".join(words) if letter.isalpha())
    scripts: dict[str, list[str]] = {}
    for letter, _ in counts.most_common():
        scripts.setdefault(_script(letter), []).append(letter)
    return {script: "".join(letters) for script, letters in scripts.items() if len(letters) <= LETTERS}


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]
