"""A conversation whose passage is gone, or was taken for another: somebody says where it belongs."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from kb_server.errors import Invalid
from kb_server.pages import quotes
from kb_server.pages.passages import GONE, HERE
from kb_server.people.permissions import may, require
from kb_server.threads import finding, origins, reading, storage
from kb_server.threads.acts import log
from kb_server.threads.models import Thread
from kb_server.words import t
from kb_server.writing import pace, places
from kb_server.writing.models import LONGEST_QUOTE, By, Marked, Place
from kb_server.writing.places import Pages


def attach(  # noqa: PLR0913, PLR0917  -- who, what, from where to where
    connection: sa.Connection, by: By, thread: Thread, place: Place, to: Place, passage: Marked
) -> None:
    """Let a conversation be about this passage from now on. Raises Invalid where it does not stand there."""
    require(by.actor, "thread.attach", place.thing(thread.author))
    quote = None
    if passage.exact.strip() and len(passage.exact) <= LONGEST_QUOTE:
        around = {"prefix": passage.prefix, "suffix": passage.suffix, "before": passage.before}
        quote = quotes.found(to.text, passage.exact, **around)  # type: ignore[arg-type]
    if quote is None:
        raise Invalid(t("talk.attach.none"))
    pace.spend_small(connection, by)
    attached = replace(
        thread,
        page=to.page,
        section=to.section,
        section_title=to.section_title,
        build=to.build,
        digest=to.digest,
        fate=HERE,
        quote=quote,
    )
    storage.move(connection, attached)
    origins.forget(connection, thread.id)
    if to.page != thread.page:
        finding.put_all(connection, attached, to)
        storage.page_changed(connection, thread.page)
    log(connection, by, "thread.attached", attached)


def lost(connection: sa.Connection, by: By, pages: Pages, build: str) -> list[tuple[Thread, Place]]:
    """The conversations whose passage is gone and that this person may attach anew, the latest first."""
    gone = [one for one in reading.threads_in_sections(connection) if one.fate == GONE and one.shown]
    found = [(one, places.place_of(pages.get(one.page), build, one.page, one.section)) for one in reversed(gone)]
    return [row for row in found if may(by.actor, "thread.attach", row[1].thing(row[0].author))]
