"""The first visit: what is made up, and the steps above every page."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "sample": "Sample",
    "guide": "First steps",
    "guide.sample": "Sample activity.",
    "guide.sample.what": "The people and what they say are invented.",
    "guide.clear": "Clear it",
    "guide.ask": "You are {name}. Ask something about a page",
    "guide.wait": "Now be {name}, whose page it is: it waits for you",
    "guide.answer": "Answer, and be {name} again",
    "guide.done": "Done:",
    "guide.close": "Close the first steps",
}
