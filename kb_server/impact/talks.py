"""The conversations whose passage a change makes another, or takes away; or their section, or their page."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from kb_server.impact.models import Talk
from kb_server.threads import service as threads
from kb_server.threads.carrying import Past
from kb_server.threads.models import Thread
from kb_server.web.build import Build


def foreseen(
    connection: sa.Connection, before: Build, after: Build, past: Past, *, is_published: bool
) -> Iterator[Talk]:
    """Each conversation of which readers would see something else. `past` gives the pages of builds that are kept.

    Where `before` is what is published, the store says how each hangs now: what is worked out again may differ from
    that by now, when the build in which a passage was last found is not kept any more.
    """
    for one in threads.threads_about(connection, before.pages.keys() - after.pages.keys()):
        if one.shown:
            yield _talk(one, one, "gone", before)
    made = threads.plan_passages(connection, after.id, after.manifest.pages, past)
    was = {} if is_published else _after(connection, before, past)
    for old, then in threads.foresee_passages(connection, made):
        now = was.get(old.id, old)
        fates = _fate(now, before), _fate(then, after)
        if now.shown and (fates[0] != fates[1] or threads.seen(now) != threads.seen(then)):
            is_moved = not then.quote and fates == ("here", "here")
            yield _talk(now, then, "moved" if is_moved else fates[1], after if then.page in after.pages else before)


def _fate(thread: Thread, build: Build) -> str:
    """What has become of its passage, or of its section: that is gone where the page has none of this name."""
    if thread.quote:
        return thread.fate
    page = build.pages.get(thread.page)
    return "here" if page and any(one.anchor == thread.section for one in page.sections) else "gone"


def _talk(now: Thread, then: Thread, fate: str, build: Build) -> Talk:
    page = build.pages.get(then.page)
    texts = [one.quote.exact if one.quote else "" for one in (now, then)]
    title = page.title if page else ""
    return Talk(now.id, now.title, title, was=now.fate, fate=fate, before=texts[0], now=texts[1], state=now.state)


def _after(connection: sa.Connection, build: Build, past: Past) -> dict[str, Thread]:
    made = threads.plan_passages(connection, build.id, build.manifest.pages, past)
    return {old.id: new for old, new in threads.foresee_passages(connection, made)}
