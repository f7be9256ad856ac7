"""A history that is written down in a file beside the wiki: for clones without the past, or from another repository.

What git tells goes first; the file fills in what git lacks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb_server.pages.history import Address, History, HistoryError, Target, dumps, read

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = "history.json"
"""Beside `mkdocs.yml`."""

__all__ = ["FILE", "History", "HistoryError", "filled", "missing", "read", "write"]


def write(history: History, path: Path) -> None:
    """Write the history, whole or not at all, one address on a line so that a commit's diff can be read."""
    lines = dumps(history).replace('},"', '},\n"')
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(lines, encoding="utf-8")
    partial.replace(path)


def missing(history: History) -> str:
    """What to tell the operator where the past is not known whole; "" where it is."""
    if history.complete:
        return ""
    known = f"before {history.since}: the clone lacks it"
    if not history.since:
        known = "of the past: git cannot tell it here (`git log` says why: another user owns it, say), or not all"
    return (
        f"Nothing is known {known}, so older links may end nowhere. Fix: clone with the whole "
        "history (fetch-depth: 0 and no filter, or git fetch --unshallow), or commit a file that was made by a clone "
        "that has it (kb history --write)."
    )


def filled(found: History, written: History, *, ids: Iterable[str], whole: bool) -> History:
    """What git tells, with what `written` knows besides.

    `ids` are those of today's pages; `whole` tells whether git has the commit the file was made at: then
    nothing is lost between the two.
    """
    ways = _ways(found, written, frozenset(ids))
    addresses = {
        url: _joined(
            found.addresses.get(url), _today(written.addresses[url], ways) if url in written.addresses else None
        )
        for url in sorted({*found.addresses, *written.addresses})
    }
    known = replace(found, addresses=addresses, ids=written.ids | found.ids)
    if found.complete or not whole:
        return known
    return replace(known, complete=written.complete, since=written.since)


def _ways(found: History, written: History, ids: frozenset[str]) -> dict[str, str]:
    """For each page the file names its id today: the same, or that of the page its address leads to now."""
    ways = {}
    for url, address in written.addresses.items():
        if address.now and address.now.page in ids:
            ways[address.now.page] = address.now.page
        elif address.now and (here := found.addresses.get(url)) and here.now:
            ways.setdefault(address.now.page, here.now.page)
    return ways


def _today(address: Address, ways: dict[str, str]) -> Address:
    sections = {anchor: _led(target, ways) for anchor, target in address.sections.items()}
    removed = address.removed
    if removed:
        removed = replace(removed, instead=tuple(filter(None, (_led(one, ways) for one in removed.instead))))
    others = {anchor: tuple(filter(None, (_led(one, ways) for one in few))) for anchor, few in address.others.items()}
    return Address(_led(address.now, ways), sections, removed, others)


def _led(target: Target | None, ways: dict[str, str]) -> Target | None:
    if target is None or target.page not in ways:
        return None
    return target if ways[target.page] == target.page else Target(ways[target.page])


def _joined(found: Address | None, written: Address | None) -> Address:
    if found is None or written is None:
        return found or written or Address(None)
    others = written.others | found.others
    if found.now is None and written.now:
        sections = written.sections | {key: to for key, to in found.sections.items() if to}
        return Address(written.now, sections, others=others)
    removed = found.removed or (None if found.now else written.removed)
    return Address(found.now, written.sections | found.sections, removed, others)
