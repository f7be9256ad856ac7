"""What is looked for, a file for each kind of thing. A new rule is a new file, and a line in `_KINDS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kb_server.proofreading import silencing
from kb_server.proofreading.models import Finding, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.rules import (
    disguise,
    forms,
    lists,
    matter,
    navigation,
    pictures,
    private,
    targets,
    terms,
    typing_errors,
)
from kb_server.proofreading.wiki import Wiki

Look = Callable[[Sequence[Page], Wiki], Iterable[Finding]]
"""Looks at some pages, and knows all of the wiki. What it does not need to look at it leaves unread."""

_KINDS = (
    matter,
    targets,
    navigation,
    terms,
    disguise,
    private,
    pictures,
    typing_errors,
    forms,
    lists,
)
RULES: tuple[Rule, ...] = (
    Rule("file", "error", "a file that cannot be part of the wiki: too large, not UTF-8, only led to by a link"),
    Rule("teams", "error", "a mistake in `teams.yml`"),
    *(rule for kind in _KINDS for rule in kind.RULES),
    Rule(silencing.RULE, "warning", "a comment that shall silence a rule and does not say which, or why"),
)
"""All rules, in the order of the documentation."""
NAMES = frozenset(rule.name for rule in RULES)
LOOKS: tuple[Look, ...] = tuple(look for kind in _KINDS for look in kind.LOOKS)
"""The functions that look: each at these pages, knowing all of the wiki."""
