"""What suggestions mean to people: one waits for whoever has to answer, the answer for whoever asked.

Everybody who agreed hears of it, since whoever votes, remarks or does it watches it; and so does whoever watches one
that was joined to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, Event
from kb_server.notifications import answering, storage
from kb_server.notifications.models import NEVER_DUE, Effects, Ended, Source, Subject, Told, Wiki
from kb_server.notifications.one_by_one import ANSWER, shown
from kb_server.notifications.whom import members
from kb_server.suggestions import reading
from kb_server.suggestions.models import HEAD, MORE, PLANNED, WAITING, Suggestion
from kb_server.words import each

NAME = "suggestion"
ANSWERS = ("planned", "applied", "notnow", "joined", "done", "live")
"""What the team said: that waits for whoever asked, until they have seen it."""
REFERS = "refers"
"""A change names it: somebody says whether that finishes it."""


class _Line:
    """A line of the log about a suggestion, with what its fields mean, and the suggestion as it is by now."""

    def __init__(self, connection: sa.Connection, wiki: Wiki, event: Event) -> None:
        data: dict[str, Any] = dict(event.data)
        self.connection, self.wiki, self.id, self.data = connection, wiki, event.subject, data
        self.actor = str(data.get("made_by", "")) if event.actor == THE_BUILD else event.actor
        self.number, self.page, self.team = int(data["number"]), str(data["page"]), str(data["to"])
        self.ref = f"suggestion:{self.number}"
        self.said = f"remark:{data['remark']}" if data.get("remark") else self.ref
        self.mentions, self.teams = data.get("mentions") or [], data.get("teams") or []
        self.now = datetime.fromisoformat(event.at).astimezone(UTC)

    @property
    def suggestion(self) -> Suggestion | None:
        """As it is by now; None where it is no more."""
        return reading.suggestion(self.connection, self.number)

    @property
    def author(self) -> str:
        """Whoever asked; "" where that is not known any more."""
        began = storage.subject(self.connection, self.id)
        return began.author if began else ""

    def about(self) -> tuple[str, ...]:
        """What people may watch of it: itself, what was joined to it, its page, the teams."""
        joined = [f"{NAME}:{one.number}" for one in reading.joined_to(self.connection, self.number)]
        page = self.wiki.pages.get(self.page)
        teams = dict.fromkeys([self.team, *(page.teams if page else ())])
        of_page = [f"page:{self.page}"] if self.page else []
        return (self.ref, *joined, *of_page, *(f"team:{team}" for team in teams))

    def mentioned(self) -> list[Told]:
        """Whom the text means."""
        people = [*self.mentions, *members(self.connection, self.wiki, self.teams)]
        return [Told(person, "mention", self.said, key=self.said, direct=True) for person in people]

    def to_answer(self, reason: str) -> list[Told]:
        """It waits for whoever has to answer; for nobody who need not any more."""
        people = answering.answering(self.connection, self.wiki, self.team, self.page, self.now)
        return self._waiting(people, reason)

    def passed(self) -> list[Told]:
        """It waits for whoever it is passed to as well."""
        to_head = self.data.get("passed") == HEAD
        whom = answering.heads if to_head else answering.liaisons
        return self._waiting(whom(self.connection, self.wiki, self.team, self.now), "late", by=self.author)

    def _waiting(self, people: Iterable[str], reason: str, by: str = "") -> list[Told]:
        now = self.suggestion
        if now is None or now.state != WAITING:
            return []
        due = now.due or NEVER_DUE
        return [Told(person, reason, self.ref, key=self.id, due=due, direct=True, by=by) for person in people]

    def to_tell(self, said: str) -> list[Told]:
        """It waits for whoever asked to tell more."""
        return [Told(self.author, MORE, said, key=self.id, direct=True)] if self.author else []

    def to_do(self, owner: str, *, quiet: bool = False) -> list[Told]:
        """It waits for whoever was named to do it."""
        return [Told(owner, "yours", self.ref, key=f"do:{self.id}", direct=True, quiet=quiet)] if owner else []

    def to_authors(self, reason: str) -> list[Told]:
        """It waits for whoever asked, and for those who had asked for the same."""
        joined = [one.author for one in reading.joined_to(self.connection, self.number)]
        people = dict.fromkeys(one for one in (self.author, *joined) if one)
        return [Told(person, reason, self.said, key=self.id) for person in people]


def _asked(line: _Line) -> Effects:
    told = [*line.to_answer("asked"), *line.mentioned()]
    subject = Subject(line.id, line.actor, line.ref)
    return _effects(line, told, "asked", subject=subject, watch=(line.actor, *line.mentions))


def _answered(reason: str) -> Callable[[_Line], Effects]:
    def effects(line: _Line) -> Effects:
        owner = str(line.data.get("owner") or "")
        told = [*line.to_authors(reason), *line.to_do(owner), *line.mentioned()]
        ended = (_no_answer(line), Ended(line.id, key=f"do:{line.id}"), *_own(line))
        watch = (*filter(None, (line.actor, owner)), *line.mentions)
        return _effects(line, told, reason, ended=ended, watch=watch)

    return effects


def _planned(line: _Line) -> Effects:
    """Somebody does it; where they applied it by that, it is one piece of news."""
    return _answered("applied" if line.data.get("applied") else "planned")(line)


def _applied(line: _Line) -> Effects:
    """What it would have the text say is proposed, at the forge, where somebody merges it."""
    if line.data.get("planned"):  # and that tells of both
        return Effects(line.id)
    return _effects(line, line.to_authors("applied"), "applied", watch=(line.actor,))


def _carried(line: _Line) -> Effects:
    """Its text is another one: whoever asked and whoever does it see whether it still says what they mean."""
    now = line.suggestion
    people = {line.author, now.owner if now else ""} - {"", line.actor}
    told = tuple(Told(person, "carried", line.ref, direct=True) for person in sorted(people))
    return Effects(line.id, told=told, about=(line.ref,), watch=(line.actor,))


def _finished(line: _Line) -> Effects:
    """It is done, by a change that went live or as somebody says."""
    return _answered("live" if line.data.get("commit") else "done")(line)


def _referred(line: _Line) -> Effects:
    """A change that went live names it: whoever does it says whether that is all, else whoever answers."""
    now = line.suggestion
    if now is None:
        return Effects(line.id)
    whom = [now.owner] if now.owner else answering.answering(line.connection, line.wiki, line.team, line.page, line.now)
    key = "do" if now.owner else REFERS  # to whoever does it the question stands instead of the task: one card
    told = [Told(person, REFERS, line.ref, key=f"{key}:{line.id}", direct=True) for person in whom]
    return Effects(line.id, told=tuple(told), about=(line.ref,), watch=())


def _kept_open(line: _Line) -> Effects:
    """It goes on as before. Whoever does it and was not asked hears nothing new, and has their task again."""
    now = line.suggestion
    told = line.to_do(now.owner, quiet=True) if now and now.state == PLANNED else []
    return Effects(line.id, (Ended(line.id, reasons=(REFERS,)),), tuple(told))


def _asked_more(line: _Line) -> Effects:
    ended = (_no_answer(line), *_own(line))
    told = [*line.to_tell(line.said), *line.mentioned()]
    return _effects(line, told, MORE, ended=ended, watch=(line.actor, *line.mentions))


def _told_more(line: _Line) -> Effects:
    ended = (Ended(line.id, reasons=(MORE,)), *_own(line))
    told = [*line.to_answer("told"), *line.mentioned()]
    return _effects(line, told, "told", ended=ended, watch=(line.actor, *line.mentions))


def _again(line: _Line) -> Effects:
    """It is open once more. What was said of it is no answer any more."""
    ended = (Ended(line.id, reasons=(*ANSWERS, *ANSWER)), Ended(line.id, key=f"do:{line.id}"))
    return _effects(line, [*line.to_answer("again"), *line.mentioned()], "again", ended=ended)


def _parted(line: _Line) -> Effects:
    """It is as it was before it joined another, and waits for whom it waited then."""
    now, told = line.suggestion, line.to_answer("again")
    if now and now.state == MORE:
        told = line.to_tell(line.ref)
    if now and now.state == PLANNED:
        told = line.to_do(now.owner)
    return _effects(line, told, "parted", ended=(_no_answer(line),))


def _addressed(line: _Line) -> Effects:
    """Another team answers."""
    return _effects(line, line.to_answer("asked"), "asked", ended=(_no_answer(line),))


def _taken_back(line: _Line) -> Effects:
    return _effects(line, (), "back", ended=(Ended(line.id),))


def _late(line: _Line) -> Effects:
    """Whoever had to answer still may, and now somebody else has to as well. Nobody but them is told."""
    return Effects(line.id, (), tuple(line.passed()), (line.ref,))


def _due_changed(line: _Line) -> Effects:
    return Effects(line.id, due=str(line.data["due"]))


def _voted(line: _Line) -> Effects:
    return Effects(line.id, about=(line.ref,), watch=(line.actor,))


def _remarked(line: _Line) -> Effects:
    return _effects(line, line.mentioned(), "remark", ended=_own(line), watch=(line.actor, *line.mentions))


def _edited(line: _Line) -> Effects:
    return Effects(line.id, told=tuple(line.mentioned()), about=(line.ref,))


def _deleted(line: _Line) -> Effects:
    return Effects(line.id, (Ended(line.id, ref=line.said),))


def _no_answer(line: _Line) -> Ended:
    """Nobody has to answer it now, and nobody has to tell more."""
    return Ended(line.id, reasons=(*ANSWER, *ANSWERS, MORE, REFERS))


def _own(line: _Line) -> tuple[Ended, ...]:
    """Whoever says something has seen where they were named."""
    return (Ended(line.id, person=line.actor, reasons=("mention",)),)


def _effects(  # noqa: PLR0913  -- the fields of what it makes
    line: _Line,
    told: Iterable[Told],
    why: str,
    *,
    subject: Subject | None = None,
    ended: tuple[Ended, ...] = (),
    watch: tuple[str, ...] = (),
) -> Effects:
    return Effects(subject or line.id, ended, tuple(told), line.about(), line.said, watch, why)


VERBS: dict[str, Callable[[_Line], Effects]] = {
    "suggestion.asked": _asked,
    "suggestion.planned": _planned,
    "suggestion.applied": _applied,
    "suggestion.carried": _carried,
    "suggestion.declined": _answered("notnow"),
    "suggestion.joined": _answered("joined"),
    "suggestion.finished": _finished,
    "suggestion.referred": _referred,
    "suggestion.kept_open": _kept_open,
    "suggestion.asked_more": _asked_more,
    "suggestion.told_more": _told_more,
    "suggestion.parted": _parted,
    "suggestion.reopened": _again,
    "suggestion.addressed": _addressed,
    "suggestion.taken_back": _taken_back,
    "suggestion.late": _late,
    "suggestion.due_changed": _due_changed,
    "suggestion.voted": _voted,
    "suggestion.edited": _edited,
    "suggestion.remarked": _remarked,
    "suggestion.remark_edited": _edited,
    "suggestion.remark_deleted": _deleted,
}


def _effects_of(connection: sa.Connection, wiki: Wiki, event: Event) -> Effects:
    return VERBS[event.verb](_Line(connection, wiki, event))


def _said(reason: str, name: str, _page: str, title: str) -> str:
    """In a line why somebody is told: "Tom suggests: One slide on pricing"."""
    return each("suggestion.told", name=name, title=title)[reason]


def _place_of(reason: str, subject: str) -> str:
    """What waits for an answer is answered where one suggestion comes after the other, beginning with this one."""
    return f"suggestions/answer/?first={subject.removeprefix('S-')}" if reason in ANSWER else ""


SOURCE = Source(
    name=NAME,
    verbs=frozenset(VERBS),
    effects=_effects_of,
    template="notifications/suggestion.html",
    said=_said,
    url_of=lambda subject: f"s/{subject.removeprefix('S-')}/",
    watched=lambda subject: f"{NAME}:{subject.removeprefix('S-')}",
    place_of=_place_of,
    more=shown,
)
