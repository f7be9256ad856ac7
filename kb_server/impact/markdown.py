"""What a change would do, as a comment on a pull request: Markdown that forges show, and nothing in it that they do.

Titles and passages come from whoever proposes the change. So every sign that means something in Markdown is spelt out,
and nobody is called by their name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import unquote

from kb_server.impact.models import Closing, Impact, Talk, Term, Use
from kb_server.links.models import Broken, Move
from kb_server.links.terminal import SAID
from kb_server.pages.differences import pieces
from kb_server.words import each

MOST = 25
"""Lines of a list; whoever needs all of them asks for JSON."""
LONGEST = 300
"""Characters of a passage or a title that are shown."""

_SIGNS = re.compile(r"([\\`*_\[\]<>#!|~&$]|:(?=//))")
_BLANK = re.compile(r"\s+")
_CALLS = re.compile(r"@|[#!~%$&](?=[\w\"])|\bGH-(?=\d)", re.IGNORECASE)
"""What calls somebody, or has another issue say that it was named here: forges look for it when all is spelt out."""
_PART = re.compile(r"(p/[^/]+/)[^/]+/|([^#]*)#.*")
"""The address of a part of a page, with that of the page."""
_NO_JOINER = "\u2060"
"""Behind it this can be seen by nobody, and no forge knows what is meant."""

Found = TypeVar("Found")
_COMES = {
    "closes": "ends",
    "reopens": "is open again",
    "asks": "is referred to: people are asked whether that finishes it",
    "unknown": "is named, and there is no such suggestion",
}
_FATES = {"here": "stands as it was again", "moved": "moves", "changed": "changes", "gone": "is gone"}


def written(found: Impact) -> str:
    """All of it, each kind of thing below a heading of its own; kinds of which there is nothing are left out."""
    parts = [
        *_part("Suggestions", found.closings, _closing),
        *_part("Definitions", found.terms, _term),
        *_part("Pages to check once these are agreed", found.uses, _use),
        *_part("Links that break", _pages_broken(found.broken), _broken),
        *_part("Addresses that change (the old ones lead there)", _pages_moved(found.moved), _move),
        *_part("Conversations", found.talks, _talk),
    ]
    head = f"### What this changes for others\n\n{found.base[:10]} to {found.head[:10]}"
    nothing = [] if parts else ["Nothing that anybody relies on."]
    return "\n\n".join([head, *parts, *nothing, *(f"*{one}*" for one in found.unseen)])


def shown(text: str) -> str:
    """Any text on one line, as it is, whatever signs are in it."""
    short = f"{text[:LONGEST]}…" if len(text) > LONGEST else text
    plain = "".join(letter if letter.isprintable() else " " for letter in _BLANK.sub(" ", short))
    return _CALLS.sub(rf"\g<0>{_NO_JOINER}", _SIGNS.sub(r"\\\1", plain)).strip()


def _part(title: str, found: Sequence[Found], line: Callable[[Found], str]) -> Iterator[str]:
    if not found:
        return
    lines = [f"- {line(one)}" for one in found[:MOST]]
    more = len(found) - MOST
    if more > 0:
        lines.append(f"- and {more:,} more (`--format json` lists them)")
    yield f"**{title}** ({len(found):,})\n\n" + "\n".join(lines)


def _closing(one: Closing) -> str:
    title = f" “{shown(one.title)}”" if one.title else ""
    return f"S-{one.number}{title} {_COMES[one.what]} (by {one.commit[:10] or 'the title'})"


def _term(one: Term) -> str:
    name = f"**{shown(one.title)}**"
    if one.what == "removed":
        return f"{name} is taken away"
    said = {"new": "is new", "reworded": "reads otherwise", "teams": "concerns other teams"}[one.what]
    after = f"; then: {each('state')[one.after]}" if one.after else ""
    return f"{name} {said}{after}. {_whose_word(one)}"


def _whose_word(one: Term) -> str:
    teams = ", ".join(map(shown, one.teams))
    if one.declared and one.against:
        return f"A commit says wording only, which it may not: {shown('; '.join(one.against))}. To agree anew: {teams}"
    if one.declared:
        return "A commit says wording only, and it may: that holds after seven days without an objection"
    return f"To agree: {teams}" if teams else "Nobody's word is wanted"


def _use(one: Use) -> str:
    more = len(one.terms) - MOST
    terms = [*map(shown, one.terms[:MOST]), *([f"{more:,} more"] if more > 0 else [])]
    return f"{shown(one.title)} uses {', '.join(terms)}"


def _broken(one: Broken) -> str:
    uses = f", used {one.link.uses:,} times, last in {one.link.last}" if one.link.uses else ""
    return f"{_address(one.link.address)}: {SAID[one.ended]}{uses}"


def _move(one: Move) -> str:
    return f"{_address(one.address)} → {_address(one.leads_to)}"


def _pages_broken(found: Sequence[Broken]) -> list[Broken]:
    """Without the parts of a page that is removed as a whole, but for those to which somebody has followed a link."""
    removed = {one.link.address for one in found if one.ended == "removed"}
    return [
        one for one in found if one.link.uses or one.ended != "removed" or _page_of(one.link.address) not in removed
    ]


def _page_of(address: str) -> str | None:
    """The address of the page of which this is the address of a part; None of a whole one."""
    found = _PART.fullmatch(address)
    return found[found.lastindex or 0] if found else None


def _pages_moved(found: Sequence[Move]) -> list[Move]:
    """Without the parts that go along with their page and are called as they were."""
    pages = {one.address: one.leads_to for one in found}

    def goes_along(one: Move) -> bool:
        page, is_part, section = one.address.partition("#")
        return bool(is_part) and unquote(one.leads_to) == unquote(f"{pages.get(page)}#{section}")

    return [one for one in found if not goes_along(one)]


def _address(address: str) -> str:
    """As code, in which nothing means anything; a sign that ends code stands in no address."""
    plain = "".join(letter if letter.isprintable() and letter != "`" else "\ufffd" for letter in address)
    return f"`{plain}`" if plain else "the home page"


def _talk(one: Talk) -> str:
    settled = " (settled)" if one.state == "settled" else ""
    where = f" on {shown(one.page)}" if one.page else ""
    what = "its passage" if one.before or one.now else "what it is about"
    fate = "has another heading" if one.was == one.fate == "here" else _FATES[one.fate]
    line = f"“{shown(one.title)}”{settled}{where}: {what} {fate}"
    if one.fate == "changed" and one.before != one.now:
        return f"{line}: {_difference(one.before, one.now)}"
    return f"{line}: “{shown(one.before[:LONGEST])}”" if one.fate == "gone" and one.before else line


def _difference(before: str, now: str) -> str:
    marks = {"in": "**", "out": "~~"}
    parts = []
    for piece in pieces(before[:LONGEST], now[:LONGEST]):
        mark, text = marks.get(piece.kind, ""), shown(piece.text)
        around = [" " if end.isspace() else "" for end in (piece.text[0], piece.text[-1])]
        parts.append(f"{around[0]}{mark}{text}{mark}{around[1]}" if text else " ")
    return _BLANK.sub(" ", "".join(parts)).strip()
