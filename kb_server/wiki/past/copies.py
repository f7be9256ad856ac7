"""Text that stands in a second place before, or after, it goes from the first.

Who moves text often copies it first and deletes months later, or the other way round in the next commit. So the ledger
remembers where each text stood first; text that is in many places is a template, and says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb_server.wiki.past.ledger import Step
from kb_server.wiki.past.likeness import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb_server.wiki.outline import Text
    from kb_server.wiki.past.ledger import Ledger

_TELLING = 8  # words
MANY = 2
"""More copies than these make a template of a text."""


def note(ledger: Ledger, pages: Iterable[tuple[str, Text, Text, bool]]) -> None:
    """Note what is new on these pages: path, the text before and after, and whether the path is new."""
    for path, old, new, moved in pages:
        before = old.anchors()
        for section in new.sections:
            same = before.get(section.anchor)
            if (moved or same is None or same.body != section.body) and len(section.body.split()) >= _TELLING:
                _note(ledger, digest(section.body), path, section.anchor)


def is_template(ledger: Ledger, body: str) -> bool:
    """Whether this text has been in many places."""
    return len(body.split()) >= _TELLING and ledger.bodies.get(digest(body)) == []


def _note(ledger: Ledger, body: str, path: str, anchor: str) -> None:
    known = ledger.bodies.get(body)
    if known is None or (known and _went(ledger, known, path, anchor)):
        ledger.bodies[body] = [path, anchor]
    elif known and known != [path, anchor]:
        steps = ledger.file(known[0]).copies.setdefault(known[1], [])
        if all((step.path, step.anchor) != (path, anchor) for step in steps):
            steps.append(Step(ledger.count, path, anchor))
        if len({step.path for step in steps}) > MANY:
            ledger.bodies[body] = []


def _went(ledger: Ledger, known: list[str], path: str, anchor: str) -> bool:
    """Whether the section went there in this very commit: then it is no copy."""
    steps = ledger.file(known[0]).steps.get(known[1], ())
    return any(step.at == ledger.count and step.path == path and step.anchor == anchor for step in steps)
