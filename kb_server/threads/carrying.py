"""Conversations go along with their passages from build to build.

What became of each passage is worked out before the transaction that publishes, since comparing builds takes time, and
written within it. A passage is compared with the build in which it was last found: what is gone today is sought from
there again tomorrow, so that going back to an earlier build brings it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, now, record
from kb_server.pages.manifest import Page
from kb_server.pages.passages import CHANGED, GONE, HERE, MOVED, Carried, Carrier, Passage, again
from kb_server.pages.quotes import letters
from kb_server.threads import finding, origins, reading, storage
from kb_server.threads.models import OPEN, Thread
from kb_server.threads.origins import Origin
from kb_server.writing import places
from kb_server.writing.places import Pages

Past = Callable[[str], Pages | None]
"""The pages of the build with this id; None if it is not kept any more."""


@dataclass(slots=True)
class Plan:
    """What became of passages in a ``build`` with these ``pages``, and what each was when that was worked out."""

    build: str
    pages: Pages
    past: Past
    found: dict[str, tuple[object, Carried]] = field(default_factory=dict)


def plan(connection: sa.Connection, build: str, pages: Iterable[Page], past: Past) -> Plan:
    """Work out what becomes of every passage somebody speaks about when this build is published."""
    made = Plan(build, {page.id: page for page in pages if not page.shell}, past)
    _work_out(made, reading.threads_in_sections(connection))
    return made


def carry(connection: sa.Connection, made: Plan) -> int:
    """Write what became of them, in the transaction that publishes; gives of how many something else became."""
    threads, carried = _carried(connection, made)
    storage.carried(connection, [thread for thread, _ in carried])
    changed = [(old, *new) for old, new in zip(threads, carried, strict=True) if seen(old) != seen(new[0])]
    for old, thread, origin in changed:
        _note(connection, made, old, thread, replace(origin, at=now()))
    return len(changed)


def foreseen(connection: sa.Connection, made: Plan) -> list[tuple[Thread, Thread]]:
    """Each conversation about a passage as it is, and as it would be after that build; nothing is written."""
    threads, carried = _carried(connection, made)
    return list(zip(threads, (thread for thread, _ in carried), strict=True))


def seen(thread: Thread) -> tuple[object, ...]:
    """What readers see of where a conversation hangs."""
    return thread.fate, thread.page, thread.section, thread.section_title, thread.quote and thread.quote.exact


def _carried(connection: sa.Connection, made: Plan) -> tuple[list[Thread], list[tuple[Thread, Origin]]]:
    """The conversations about passages, and each as it is from this build on."""
    threads = reading.threads_in_sections(connection)
    _work_out(made, [one for one in threads if one.id not in made.found or made.found[one.id][0] != _anchor(one)])
    before = origins.every(connection)
    return threads, [_now(made, thread, before.get(thread.id)) for thread in threads]


def _work_out(made: Plan, threads: Iterable[Thread]) -> None:
    by_build: dict[str, list[Thread]] = {}
    for thread in threads:
        by_build.setdefault(thread.build, []).append(thread)
    for build, some in by_build.items():
        before = made.pages if build == made.build else made.past(build)
        found = _sought(Carrier(before, made.pages), some) if before else [_again(made, one) for one in some]
        made.found |= {thread.id: (_anchor(thread), one) for thread, one in zip(some, found, strict=True)}


def _sought(carrier: Carrier, threads: list[Thread]) -> list[Carried]:
    passages = {one.id: Passage(one.page, one.section, one.quote) for one in threads if one.quote}
    found = dict(zip(passages, carrier.carry(list(passages.values())), strict=True))
    return [found.get(one.id) or carrier.section(one.page, one.section) for one in threads]


def _again(made: Plan, thread: Thread) -> Carried:
    """What became of it since a build that is not kept any more."""
    if thread.quote:
        return again(Passage(thread.page, thread.section, thread.quote), thread.digest, made.pages)
    return Carrier({}, made.pages).section(thread.page, thread.section)


def _anchor(thread: Thread) -> object:
    """What decides what becomes of it."""
    return thread.page, thread.section, thread.quote, thread.build


def _now(made: Plan, thread: Thread, origin: Origin | None) -> tuple[Thread, Origin]:
    """The conversation as it is from this build on, and what was first spoken about in it."""
    quoted = thread.quote.exact if thread.quote else ""
    origin = origin or Origin(thread.id, thread.page, thread.section, thread.section_title, quoted)
    found = made.found[thread.id][1]
    if found.fate == GONE:  # a section without a passage is said to be gone by its page
        return replace(thread, fate=GONE if thread.quote else HERE), replace(origin, cause=_cause(made, thread))
    section = next(one for one in made.pages[found.page].sections if one.anchor == found.section)
    title = section.title if section.anchor else ""
    carried = replace(
        thread,
        page=found.page,
        section=found.section,
        section_title=title,
        quote=found.quote if thread.quote else None,
        build=made.build,
        digest=section.digest,
    )
    return replace(carried, fate=_fate(carried, origin)), replace(origin, cause="")


def _fate(thread: Thread, origin: Origin) -> str:
    """What became of a passage since it was first spoken about; a section is where it is."""
    if thread.quote is None:
        return HERE
    if letters(thread.quote.exact) != letters(origin.exact):
        return CHANGED
    if thread.page == origin.page and thread.section in {origin.section} | _renumbered(thread, origin):
        return HERE
    return MOVED


def _renumbered(thread: Thread, origin: Origin) -> set[str]:
    """The anchor of a section of the same name: where two headings are alike, the second is numbered."""
    return {thread.section} if thread.section and thread.section_title == origin.section_title else set()


def _cause(made: Plan, thread: Thread) -> str:
    """What went with a passage that is gone."""
    page = made.pages.get(thread.page)
    if page is None:
        return "page"
    return "text" if any(one.anchor == thread.section for one in page.sections) else "section"


def _note(connection: sa.Connection, made: Plan, old: Thread, thread: Thread, origin: Origin) -> None:
    """Say so: to whoever has the page, to search, and in the log where something else became of the passage."""
    if thread.fate == HERE:
        origins.forget(connection, thread.id)
    elif thread.fate != old.fate or (thread.quote, thread.page, thread.section) != (old.quote, old.page, old.section):
        origins.keep(connection, origin)
    for page in {old.page, thread.page}:
        storage.page_changed(connection, page)
    if old.page != thread.page:
        finding.put_all(
            connection, thread, places.place_of(made.pages.get(thread.page), made.build, thread.page, thread.section)
        )
    if thread.fate != old.fate:
        data: dict[str, object] = {"thread": thread.id, "page": thread.page, "section": thread.section}
        data |= {
            "kind": thread.kind,
            "fate": thread.fate,
            "before": old.fate,
            "open": thread.state == OPEN and thread.shown > 0,
        }
        data |= {"owner": _last_owner(made, thread)}
        record(connection, actor=THE_BUILD, verb="thread.carried", subject=thread.id, data=data)


def _last_owner(made: Plan, thread: Thread) -> str:
    """Whose a page was that was removed, by their handle; "" where it is there, or nobody can tell."""
    before = None if thread.page in made.pages else made.past(thread.build)
    page = before.get(thread.page) if before else None
    return str(page.meta.get("owner") or "") if page else ""
