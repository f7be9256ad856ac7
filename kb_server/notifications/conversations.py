"""What conversations mean to people: a question waits for whoever sees to the page, an answer for whoever asked.

It reads the log of conversations: what may be shown of them stands in the documents. Only how the clock of a question
stands is asked of the feature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from kb_server.activity.storage import Event
from kb_server.notifications import answering, storage, whom
from kb_server.notifications.models import NEVER_DUE, Effects, Ended, Entry, Source, Subject, Told, Wiki
from kb_server.people.models import Actor
from kb_server.threads import service as threads
from kb_server.words import each

ASKED = ("wrong", "question", "idea")
"""Why something waits for whoever sees to a page: what the conversation is."""
SETTLED, LATE, GONE = "settled", "late", "gone"
OWED = ("question", LATE)
"""Why something waits that is due by a time."""


class _Line:
    """A line of the log about a conversation, with what its fields mean."""

    def __init__(self, connection: sa.Connection, wiki: Wiki, event: Event) -> None:
        data: dict[str, Any] = dict(event.data)
        self.connection, self.wiki, self.actor = connection, wiki, event.actor
        self.thread, self.page, self.kind = str(data["thread"]), str(data["page"]), str(data["kind"])
        self.ref = f"comment:{data['comment']}" if data.get("comment") else ""
        self.data, self.now = data, datetime.fromisoformat(event.at).astimezone(UTC)
        self.mentions, self.teams = data.get("mentions") or [], data.get("teams") or []
        page = wiki.pages.get(self.page)
        of_teams = [f"team:{team}" for team in (page.teams if page else ())]
        self.about = (f"thread:{self.thread}", f"page:{self.page}", *of_teams)

    def began(self) -> Subject:
        """What it began with; of a conversation older than this part of the program not much is known."""
        return storage.subject(self.connection, self.thread) or Subject(self.thread, "", self.ref)

    def mentioned(self) -> list[Told]:
        """Whom the text means."""
        people = [*self.mentions, *whom.members(self.connection, self.wiki, self.teams)]
        return [Told(person, "mention", self.ref, key=self.ref, direct=True) for person in people]

    def asked(self, ref: str) -> list[Told]:
        """Who sees to the page, and, where it is said to be wrong, who speaks for its teams."""
        people = whom.answering(self.connection, self.wiki, self.page, self.now)
        if self.kind == "wrong":
            people += whom.speakers(self.connection, self.wiki, self.page)
        due = str(self.data.get("due") or NEVER_DUE)
        return [Told(person, self.kind, ref, key=self.thread, due=due) for person in people]

    def owners(self) -> list[str]:
        """Whoever sees to the page."""
        return whom.owners(self.connection, self.wiki, self.page)


def _started(line: _Line) -> Effects:
    subject = Subject(line.thread, line.actor, line.ref)
    told = [*line.asked(line.ref), *line.mentioned()]
    return _effects(line, subject, told, news=line.ref, watch=(line.actor, *line.mentions))


def _posted(line: _Line) -> Effects:
    """Who answers has nothing to answer there any more. Who asked goes on asking, or has an answer."""
    began = line.began()
    to_whom = line.asked(line.ref) if line.actor == began.author else _to_author(began, "answer", line.ref)
    told = [*line.mentioned(), *to_whom, *(Told(person, "watched", line.ref) for person in line.owners())]
    nobody_owes = (Ended(line.thread, reasons=OWED),) if line.data.get("answers") else ()
    ended = (Ended(line.thread, person=line.actor), *nobody_owes)
    return _effects(line, line.thread, told, ended=ended, news=line.ref, watch=(line.actor, *line.mentions))


def _edited(line: _Line) -> Effects:
    return _effects(line, line.thread, line.mentioned())


def _deleted(line: _Line) -> Effects:
    return _effects(line, line.thread, (), ended=(Ended(line.thread, ref=line.ref),))


def _settled(line: _Line) -> Effects:
    ref = f"settled:{line.thread}"
    told = _to_author(line.began(), SETTLED, ref)
    return _effects(line, line.thread, told, ended=(Ended(line.thread),), news=ref)


def _reopened(line: _Line) -> Effects:
    began = line.began()
    told = line.asked(began.ref) if began.ref else []
    return _effects(line, line.thread, told, ended=(Ended(line.thread, reasons=(SETTLED,)),), news=began.ref)


def _moved(line: _Line) -> Effects:
    """It waits for whoever sees to the page where it hangs now."""
    began = line.began()
    told = line.asked(began.ref) if began.ref else []
    return _effects(line, line.thread, told, ended=(Ended(line.thread, key=line.thread, reasons=(*ASKED, LATE)),))


def _late(line: _Line) -> Effects:
    """Whoever had to answer still may, and now somebody else has to as well. Nobody but them is told."""
    began, team, due = line.began(), str(line.data["team"]), str(line.data["due"])
    whose = answering.heads if line.data["passed"] == "head" else answering.liaisons
    people = whose(line.connection, line.wiki, team, line.now)
    told = [Told(one, LATE, began.ref, line.thread, due, direct=True, by=began.author) for one in people]
    return Effects(line.thread, told=tuple(told), about=line.about)


def _due_changed(line: _Line) -> Effects:
    return Effects(line.thread, due=str(line.data["due"]))


def _carried(line: _Line) -> Effects:
    """Whoever began it, and whoever sees to its page, learn that the passage is gone. What is settled asks nobody."""
    ended = (Ended(line.thread, reasons=(GONE,)),)
    began = line.began()
    if line.data["fate"] != GONE or not line.data.get("open"):
        return _effects(line, line.thread, (), ended=ended)
    was = whom.people_called(line.connection, line.wiki.roster, filter(None, [line.data.get("owner")]))
    people = filter(None, [began.author, *line.owners(), *was])
    told = [Told(person, GONE, began.ref, key=f"gone:{line.thread}", by=began.author) for person in people]
    return _effects(line, line.thread, told, ended=ended)


def _attached(line: _Line) -> Effects:
    return _effects(line, line.thread, (), ended=(Ended(line.thread, reasons=(GONE,)),))


def _flagged(line: _Line) -> Effects:
    people = whom.liaisons(line.connection, line.wiki, line.page)
    told = [Told(person, "flagged", line.ref, key=f"flag:{line.ref}", direct=True) for person in people]
    return _effects(line, line.thread, told)


def _looked_at(line: _Line) -> Effects:
    return _effects(line, line.thread, (), ended=(Ended(line.thread, key=f"flag:{line.ref}"),))


def _to_author(began: Subject, reason: str, ref: str) -> list[Told]:
    return [Told(began.author, reason, ref, key=began.id)] if began.author else []


def _effects(  # noqa: PLR0913  -- the fields of what it makes
    line: _Line,
    subject: Subject | str,
    told: Iterable[Told],
    *,
    ended: tuple[Ended, ...] = (),
    news: str = "",
    watch: tuple[str, ...] = (),
) -> Effects:
    return Effects(subject, ended, tuple(told), line.about, news, watch)


VERBS: dict[str, Callable[[_Line], Effects]] = {
    "thread.started": _started,
    "comment.posted": _posted,
    "comment.edited": _edited,
    "comment.deleted": _deleted,
    "comment.flagged": _flagged,
    "comment.hidden": _looked_at,
    "comment.shown": _looked_at,
    "thread.settled": _settled,
    "thread.reopened": _reopened,
    "thread.moved": _moved,
    "thread.carried": _carried,
    "thread.attached": _attached,
    "thread.late": _late,
    "thread.due_changed": _due_changed,
}


def _effects_of(connection: sa.Connection, wiki: Wiki, event: Event) -> Effects:
    return VERBS[event.verb](_Line(connection, wiki, event))


def _said(reason: str, name: str, page: str, _title: str) -> str:
    """In a line why somebody is told: "Otto asks on What Sales does"."""
    return each("waiting.said", name=name, page=page)[reason]


def _clocks(
    connection: sa.Connection, wiki: Wiki, _actor: Actor, entries: Sequence[Entry], now: datetime
) -> Mapping[str, object]:
    """How the clocks of the questions stand that wait for somebody."""
    asked = [entry.subject for entry in entries if entry.reason in OWED]
    return threads.owed(connection, asked, wiki.roster, now) if asked else {}


SOURCE = Source(
    name="conversation",
    verbs=frozenset(VERBS),
    effects=_effects_of,
    template="notifications/conversation.html",
    said=_said,
    url_of=lambda subject: f"t/{subject}/",
    more=_clocks,
    watched=lambda subject: f"thread:{subject}",
)
