"""What the commit and the pull request of an applied suggestion say.

Both are read by programs that act on them, with rights that whoever suggested it has not: this wiki ends what
`Closes:` names, a forge closes issues, tells whom an @ means, and does what a line with a slash orders. So of what was
typed only the lines without any of this are passed on, quoted; all of it stands in the suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb_server.suggestions.models import Suggestion

Hand = tuple[str, str]
"""Name and address of somebody who wrote a text."""
MOST_LINES = 12
LONGEST_LINE = 300
LONGEST_TITLE = 100
_ACTED_ON = re.compile(
    r"[#!&$%~][\w\"]|\bGH-\d|\b[\w.-]+/[\w.-]+#|://|@|^\W*/|<|\b[0-9a-f]{7,40}\b|[A-Z]-\d|\[(?:x| )\]"
)
_ORDERS = re.compile(
    r"(?i)\b(?:skip[ -]ci|ci[ -]skip|no[ -]ci|skip actions|draft|wip|closes|refs|revert|reapply|fixup!)\b"
    r"|^\W*wording\s*:"
)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def branch(suggestion: Suggestion) -> str:
    """The branch on which a suggestion is applied."""
    return f"suggestion/{suggestion.name}"


def request_title(suggestion: Suggestion) -> str:
    """The title of the pull request: where GitLab makes one commit of several, it is all that the commit says."""
    return f"{title(suggestion)} (closes {suggestion.name})"


def title(suggestion: Suggestion) -> str:
    """The title of the commit."""
    text = " ".join(_UNSEEN.sub(" ", suggestion.title).split())
    if not text or len(text) > LONGEST_TITLE or not _is_harmless(text):
        return f"Apply suggestion {suggestion.number}"
    return text


def message(suggestion: Suggestion, name: str, others: Iterable[Hand] = ()) -> str:
    """What the commit says; `name` is that of whoever suggested it, `others` have written its text with them."""
    also = [f"Co-authored-by: {plain(other)} <{plain(email)}>" for other, email in others]
    trailers = "\n".join([f"Closes: {suggestion.name}", f"Suggested-by: {plain(name)}", *also])
    return "\n\n".join(filter(None, (title(suggestion), _quoted(suggestion), trailers))) + "\n"


def body(suggestion: Suggestion, name: str, url: str, *, is_new: bool = False) -> str:
    """What the pull request says besides its title; `url` is where the suggestion stands, "" where nobody can tell.

    With `is_new` there is a page in it that has no place in the navigation yet: that is for whoever merges it.
    """
    said = plain(name) if _is_harmless(plain(name)) else "Somebody"
    what = f"[{suggestion.name}]({url})" if url else f"suggestion {suggestion.number}"
    nav = "The page is new: where mkdocs.yml has a `nav`, name it there before you merge this." if is_new else ""
    parts = (f"{said} suggested this in the wiki: {what}.", _quoted(suggestion), nav, f"Closes: {suggestion.name}")
    return "\n\n".join(filter(None, parts))


def plain(name: str) -> str:
    """A name on one line, without what would end it in a commit."""
    return " ".join(re.sub(r"[<>]+", " ", _UNSEEN.sub(" ", name)).split()) or "Somebody"


def _quoted(suggestion: Suggestion) -> str:
    """The first lines of what was asked, as far as nothing acts on them."""
    lines = [_UNSEEN.sub(" ", line).strip() for line in suggestion.body.splitlines()]
    fine = [line[:LONGEST_LINE] for line in lines if line and line != suggestion.title and _is_harmless(line)]
    return "\n".join(f"> {line}" for line in fine[:MOST_LINES])


def _is_harmless(line: str) -> bool:
    return not (_ACTED_ON.search(line) or _ORDERS.search(line))
