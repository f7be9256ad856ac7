"""What an edit of a section must not bring in: what works beyond the section, or does more than say something.

Whoever edits with git may write all of it, and somebody reads their pull request line by line. An edit comes from
anybody who may suggest, and is applied with one click; so it says in words what it wants, and what a machine would act
upon has to be there already. What stands in the section may stay as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NoReturn

from kb_server.errors import Invalid
from kb_server.wiki.editing import acting, naming
from kb_server.wiki.editing.acting import PLAIN_TAGS, TAG, map_of, raw
from kb_server.wiki.editing.models import Found
from kb_server.wiki.editing.standing import bare
from kb_server.words import t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Finder = Callable[[str], Iterator[Found]]

_LEAD = re.compile(r"(?:[ \t>]|(?:[-*+:]|\d+\.)(?=[ \t]))*")
_IN_WORDS = re.compile(r"</?(?:a|b|code|em|i|img|q|s|small|span|strong|u|var)\b", re.IGNORECASE)


class Refused(Invalid):
    """An edit would do more than change the words of its section; ``line`` is the line of it that would, from 1."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def refuse(before: str, after: str, elsewhere: str) -> None:
    """Raise Refused where an edit brings in what it must not; `elsewhere` is the rest of the page."""
    old, new = bare(before, surely=False), bare(after, surely=True)
    for finder, words in _FINDERS:
        one = _more(finder, before, after) or _elsewhere(finder, old, new)
        if one is not None:
            _refuse_at(after, one, words)
    _refuse_tags(old, new)
    _refuse_named(old, new, bare(elsewhere, surely=True))


def _refuse_at(after: str, one: Found, words: Callable[[str, int], str]) -> NoReturn:
    line = after.count("\n", 0, one.at) + 1
    raise Refused(words(one.what, line), line)


def _more(finder: Finder, before: str, after: str) -> Found | None:
    """The first thing that the text has more often than it had before."""
    left = Counter(found.what for found in finder(before))
    for found in finder(after):
        if not left[found.what]:
            return found
        left[found.what] -= 1
    return None


def _elsewhere(finder: Finder, before: str, after: str) -> Found | None:
    """The first thing that stands so that it acts, as it did not before: out of its code, or of what was around it."""
    here = map_of(before)
    left = Counter((found.what, here.at(found.at)) for found in finder(before))
    there = map_of(after)
    for found in finder(after):
        key = found.what, there.at(found.at)
        if not left[key]:
            return found
        left[key] -= 1
    return None


def _refuse_tags(before: str, after: str) -> None:
    """A tag that goes missing lets the one that it closed, or that closed it, reach over the rest of the page."""
    if _tags(before) != _tags(after) or _open(before) != _open(after):
        raise Refused(t("edit.refused.unbalanced"))


def _tags(text: str) -> list[tuple[str, str, bool]]:
    """The tags that may reach further; where they may begin a block, and whether a sign may be pushed out."""
    found = []
    for one in raw(text):
        lead = text[text.rfind("\n", 0, one.at) + 1 : one.at]
        begins = bool(_LEAD.fullmatch(lead)) and not _IN_WORDS.match(one.what)
        line = text[one.at : text.find("\n", one.at) % (len(text) + 1)]
        found.append((one.what, lead if begins else "", begins and "&" in line))
    return found


def _open(text: str) -> Counter[str]:
    """How often each plain tag is opened and not closed after that, or closed and not opened before."""
    found: Counter[str] = Counter()
    for tag in TAG.finditer(text):
        name = (tag[1] or "").lower()
        if name in PLAIN_TAGS - {"br"}:  # a browser takes <kbd/> for <kbd>
            closes = tag[0].startswith("</")
            if closes and found[name]:
                found[name] -= 1
            else:
                found[f"/{name}" if closes else name] += 1
    return Counter({name: count for name, count in found.items() if count})


def _refuse_named(before: str, after: str, elsewhere: str) -> None:
    """A link, a footnote or an abbreviation that is given a meaning here has it on the whole page."""
    old, new = naming.named(before), naming.named(after)
    used = acting.name_of(elsewhere)
    for name in old | new:
        is_note = name[1].startswith("^") and name not in old  # it would stand at the end of the page
        if is_note or (old.get(name) != new.get(name) and (name[1] if name[0] else f"[{name[1]}]") in used):
            at = new[name][2] if name in new else 0
            raise Refused(t("edit.refused.name", name=name[1]), after.count("\n", 0, at) + 1)
    there = naming.away(before, elsewhere)
    for at, target in naming.away(after, elsewhere):
        if target not in {known for _, known in there}:
            _refuse_at(after, Found(target, at), lambda _what, line: t("edit.refused.picture", line=line))


_FINDERS: tuple[tuple[Finder, Callable[[str, int], str]], ...] = (
    (acting.unseen, lambda what, line: t("edit.refused.unseen", what=what, line=line)),
    (acting.instructions, lambda what, line: t("edit.refused.instruction", what=what, line=line)),
    (naming.names_over_lines, lambda what, line: t("edit.refused.instruction", what=what, line=line)),
    (raw, lambda what, line: t("edit.refused.html", what=what, line=line)),
    (acting.attributes, lambda what, line: t("edit.refused.attributes", what=what, line=line)),
    (acting.pictures, lambda _what, line: t("edit.refused.picture", line=line)),
    (acting.schemes, lambda what, line: t("edit.refused.address", what=what, line=line)),
)
"""What is looked for, with what is said of it."""
