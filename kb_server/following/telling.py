"""Telling whose merge cannot be built, and who runs the wiki: a line of the log and a document, which nobody finds.

Who is told, and by what way, is read from the log like everything else. The document has its words among its facts, so
that no search has them.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, record
from kb_server.documents import reading
from kb_server.documents import storage as documents
from kb_server.documents.models import Draft
from kb_server.following import storage
from kb_server.following.building import Broken
from kb_server.following.remote import Tip
from kb_server.people import service as people
from kb_server.people.roster import Roster
from kb_server.words import t

BROKE, MENDED = "merge.broke", "merge.mended"
KIND = "merge"
URL = "waiting/#merge"
LONGEST_TITLE = 120


def tell(connection: sa.Connection, tip: Tip, broken: Broken, branch: str, roster: Roster) -> None:
    """Tell of a commit that cannot be built, once; of one before it that was not mended either nothing is said more."""
    before = storage.told(connection)
    if before == tip.commit:
        return
    if before:
        _end(connection, before)
    title = tip.title[:LONGEST_TITLE]
    what = t("merge.broken", commit=tip.commit[:10], branch=branch, title=title)
    text = "\n".join((what, "", *broken.said, "", t("merge.broken.what", branch=branch)))
    facts = {"shown": {"title": title, "text": text}, "commit": tip.commit, "branch": branch, "said": broken.said}
    draft = Draft(_ref(tip.commit), KIND, "", "", URL, "", facts=facts)
    documents.put(connection, [draft], reading.analyser(connection))
    record(
        connection, actor=THE_BUILD, verb=BROKE, subject=tip.commit, data={"author": _author(connection, tip, roster)}
    )
    storage.set_told(connection, tip.commit)


def mended(connection: sa.Connection) -> None:
    """What was told of waits for nobody any more: there is a build again."""
    if before := storage.told(connection):
        _end(connection, before)
        storage.set_told(connection, "")


def _author(connection: sa.Connection, tip: Tip, roster: Roster) -> str:
    """Who made it, by their id, as far as the wiki knows their address."""
    handle = roster.by_email(tip.email)
    known = people.people_for(connection, [handle], roster, datetime.now(UTC)) if handle else {}
    return known[handle].id if handle in known else ""


def _end(connection: sa.Connection, commit: str) -> None:
    documents.remove(connection, [_ref(commit)], reading.analyser(connection))
    record(connection, actor=THE_BUILD, verb=MENDED, subject=commit, data={})


def _ref(commit: str) -> str:
    return f"{KIND}:{commit}"
