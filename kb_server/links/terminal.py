"""Links as the terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence

from kb_server.links.models import Broken, Link

SAID = {"removed": "the page was removed", "section gone": "the part is gone", "unknown": "leads nowhere"}


def listed(found: Sequence[Link]) -> str:
    """A line for each link: its address, where it leads, how often it was used."""
    wide = max((len(link.address) for link in found), default=0)
    return "\n".join(_shown(f"{link.address:{wide}}  {_end(link)}{_uses(link)}") for link in found)


def told(found: Sequence[Broken]) -> str:
    """What a change would break, and what to do."""
    if not found:
        return "No link breaks."
    count = "1 link breaks" if len(found) == 1 else f"{len(found):,} links break"
    lines = [_shown(f"{one.link.address}  {SAID[one.ended]}{_uses(one.link)}") for one in found]
    fix = "Write moved_from: or merged_into: into the front matter of the page that has the text now."
    return "\n".join([f"{count}:", *lines, fix])


def _shown(line: str) -> str:
    """A line as it may go to a terminal: what a page was once called must not command it."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)


def _end(link: Link) -> str:
    if not link.ended:
        return link.leads_to or "the home page"
    where = link.leads_to or (f"“{link.title}”" if link.title else "")
    return f"{where} ({SAID[link.ended]})".strip()


def _uses(link: Link) -> str:
    if not link.uses:
        return ""
    return f"  {'1 use' if link.uses == 1 else f'{link.uses:,} uses'}, last in {link.last}"
