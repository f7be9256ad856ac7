"""Sentences about a number of texts, for those who run the wiki: of one as of one."""

from __future__ import annotations

import re

_CHOICE = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


def counted(sentence: str, count: int) -> str:
    """`{} [text is|texts are] lost.` for so many of them: "1 text is lost.", "2 texts are lost."."""
    return _CHOICE.sub(lambda choice: choice[1 if count == 1 else 2], sentence).format(count)


def all_counted(counts: dict[str, int]) -> list[str]:
    """The sentences of which there is something to count."""
    return [counted(sentence, count) for sentence, count in counts.items() if count]
