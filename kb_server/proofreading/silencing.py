"""A line's own word against a rule: ``<!-- kb allow spelling: that is how they write it -->``.

It stands at the end of the line, or on a line of its own right above; in front matter as a comment of YAML. It names
the rule and says why: the next editor has to decide whether that still holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kb_server.proofreading.models import Finding
from kb_server.proofreading.page import Page
from kb_server.wiki.problems import meant

RULE = "silence"
_COMMENT = re.compile(r"<!--[ \t]*kb allow\b[ \t]*(?P<rules>[\w, -]*?)[ \t]*(?::[ \t]*(?P<why>.*?))?[ \t]*-->")
_IN_YAML = re.compile(r"#[ \t]*kb allow\b[ \t]*(?P<rules>[\w, -]*?)[ \t]*(?::[ \t]*(?P<why>.*))?$")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one comment lets pass: these rules, on the line it is for."""

    at: int
    line: int
    rules: tuple[str, ...]
    why: str


def allowed(page: Page) -> Iterator[Allowed]:
    """The comments of a page, each with the line it is for."""
    if "kb allow" not in page.text:
        return
    for number, line in enumerate(page.lines, 1):
        found = (_IN_YAML if number <= page.first else _COMMENT).search(line)
        if found and "`" not in line[: found.start()]:
            alone = not (line[: found.start()] + line[found.end() :]).strip()
            rules = tuple(filter(None, re.split(r"[,\s]+", found["rules"])))
            for_line = number + 1 if alone else number
            yield Allowed(page.start_of(number) + found.start(), for_line, rules, (found["why"] or "").strip())


def heard(page: Page, findings: list[Finding], known: Collection[str]) -> list[Finding]:
    """The findings on this page without those that are allowed, and one for each comment that cannot be heard."""
    comments = list(allowed(page))
    passed = {(one.line, rule) for one in comments if one.why for rule in one.rules}
    kept = [one for one in findings if (one.line, one.rule) not in passed]
    return [*kept, *(found for one in comments for found in _faults(page, one, known))]


def _faults(page: Page, one: Allowed, known: Collection[str]) -> Iterator[Finding]:
    form = "Write <!-- kb allow spelling: why -->."
    if not one.why or not one.rules:
        what = "why" if one.rules else "which rule"
        yield page.found(RULE, "warning", one.at, f"this does not say {what}, so it allows nothing", form)
    for rule in one.rules:
        if rule not in known:
            yield page.found(RULE, "warning", one.at, f"there is no rule '{rule}'", meant(rule, sorted(known)))
