"""The conversations whose passage a change makes another, or takes away."""

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
    made = threads.plan_passages(connection, after.id, after.manifest.pages, past)
    was = {} if is_published else _after(connection, before, past)
    for old, then in threads.foresee_passages(connection, made):
        thread, now = old.id, was.get(old.id, old)
        if now.shown and threads.seen(now) != threads.seen(then):
            page = after.pages.get(then.page)
            yield Talk(
                thread,
                now.title,
                page.title if page else "",
                was=now.fate,
                fate=then.fate,
                before=now.quote.exact if now.quote else "",
                now=then.quote.exact if then.quote else "",
                state=now.state,
            )


def _after(connection: sa.Connection, build: Build, past: Past) -> dict[str, Thread]:
    made = threads.plan_passages(connection, build.id, build.manifest.pages, past)
    return {old.id: new for old, new in threads.foresee_passages(connection, made)}
