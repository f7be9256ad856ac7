"""Markdown that shows on the page as the signs it is made of. Few rules: each is a thing every reader would notice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb_server.pages.headings import comment_end, fence_end
from kb_server.proofreading import markdown
from kb_server.proofreading.models import Edit, Finding, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.wiki import Wiki

_TURNED = re.compile(r"(?<![\]\w])\((?P<text>[^()\[\]\n]+)\)\[(?P<url>(?:https?://|\.{0,2}/|[\w/-]+\.md)[^\[\]\s]*)\]")
_APART = re.compile(
    r"(?<!!)\[(?P<text>[^\[\]\n]+)\][ ]\((?P<url>(?:https?://|\.{1,2}/)[^()\s]+|[\w./-]+\.md(?:#[\w-]*)?)\)"
)
_BOXES = frozenset(" xX")
"""What stands between the brackets of a thing to do: `- [ ] (…)` is no link."""
_HASH = re.compile(r"^#(?=[a-z0-9])(\S+)", re.MULTILINE)
_FENCE = re.compile(r"[ \t>]*(?:`{3,}[^`]*|~{3,}[^~]*)$")


def _turned(pages: Sequence[Page], _wiki: Wiki) -> Iterator[Finding]:
    """A link with its brackets exchanged, or with a space between them."""
    for page in pages:
        for found in (*_TURNED.finditer(page.bare), *_APART.finditer(page.bare)):
            if found["text"] in _BOXES:
                continue
            right = f"[{page.text[slice(*found.span('text'))]}]({found['url']})"
            edit = Edit(found.start(), found.end(), right)
            message = "this shows as text and is no link"
            yield page.found("turned-link", "warning", found.start(), message, f"Write {right}.", edit=edit)


def _empty(pages: Sequence[Page], _wiki: Wiki) -> Iterator[Finding]:
    """A link without words, or without an address."""
    for page in pages:
        for link in markdown.links(page.bare, page.text):
            if not link.url and not link.picture:
                yield page.found(
                    "empty-link", "warning", link.at, f"the link '{link.text}' has no address", "Give it one."
                )
            elif not link.text.strip() and not link.picture:
                yield page.found(
                    "empty-link", "warning", link.at, "nobody sees this link: it has no words", "Give it some."
                )


def _lost(pages: Sequence[Page], _wiki: Wiki) -> Iterator[Finding]:
    """A link by a name that no address is given for."""
    for page in pages:
        for used in markdown.used_references(page.bare, page.text):
            if used.url.startswith("^"):
                continue  # a footnote behind a link, or behind a word in brackets
            if markdown.reference_name(used.url) not in page.references and not page.is_partly_made:
                message = f"no address is given for '{used.url}', so the brackets show"
                yield page.found("lost-reference", "warning", used.at, message, f"Add a line '[{used.url}]: address'.")


def _hashes(pages: Sequence[Page], _wiki: Wiki) -> Iterator[Finding]:
    """``#word`` at the beginning of a line: a heading to the build, and often a word to whoever wrote it."""
    for page in pages:
        for found in _HASH.finditer(page.bare):
            message = f"'{found[0]}' at the beginning of a line becomes a heading"
            hint = f"Write '# {found[1]}' for a heading, or '\\{found[0]}' for the word."
            yield page.found("hash-word", "warning", found.start(), message, hint)


def _unclosed(pages: Sequence[Page], _wiki: Wiki) -> Iterator[Finding]:
    """A fence or a comment that is opened and never closed: what follows shows in another way than was meant."""
    for page in pages:
        at, bare = page.first, page.bare.split("\n")
        while at < len(page.lines):
            line = page.lines[at]
            if _FENCE.match(line):
                end = fence_end(page.lines, at, line.lstrip(" \t>"))
                if end is None and _opens_one(page, at):
                    message = "this code is opened and never closed"
                    yield page.found(
                        "unclosed", "warning", page.start_of(at + 1), message, "Close it by the same signs."
                    )
                    break
                at = end or at
            elif "<!--" in line:
                if "<!--" in bare[at]:
                    message = "this comment is opened and never closed"
                    yield page.found("unclosed", "warning", page.start_of(at + 1), message, "Close it with -->.")
                    break
                at = comment_end(page.lines, at)
            at += 1


def _opens_one(page: Page, at: int) -> bool:
    """Whether nothing after this line could be its end: an odd one among fences written otherwise is none of ours."""
    sign = page.lines[at].lstrip(" \t>")[:3]
    return not any(line.lstrip(" \t>").startswith(sign) for line in page.lines[at + 1 :])


RULES = (
    Rule("turned-link", "warning", "`(text)[address]`, and `[text] (address)` with a space", mends=True),
    Rule("empty-link", "warning", "a link without words, or without an address"),
    Rule("lost-reference", "warning", "`[text][name]` where no address is given for the name"),
    Rule("hash-word", "warning", "`#word` at the beginning of a line, which becomes a heading"),
    Rule("unclosed", "warning", "a fence or a comment that is never closed"),
)
LOOKS = (_turned, _empty, _lost, _hashes, _unclosed)
