"""The conversations whose passage a change makes another, or takes away."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from kb_server.impact.models import Talk
from kb_server.threads import service as threads
from kb_server.threads.carrying import Past
from kb_server.threads.models import Thread
from kb_server.web.build import Build


def foreseen(connection: sa.Connection, before: Build, after: Build, past: Past) -> Iterator[Talk]:
    """Each conversation of which readers would see something else. `past` gives the pages of builds that are kept."""
    was, will = (_after(connection, build, past) for build in (before, after))
    for thread, then in will.items():
        now = was.get(thread, then)
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
