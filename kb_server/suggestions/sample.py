"""The sample activity of suggestions: played by the same rules as real ones, marked, and taken away as a whole.

One to which somebody has really done or said something stays as it is, and keeps its mark; what was only agreed with
goes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server import clock
from kb_server.activity.storage import THE_CLOCK
from kb_server.clock import Calendar
from kb_server.errors import Invalid, NotFound
from kb_server.people import samples
from kb_server.people import service as people
from kb_server.people.models import Actor
from kb_server.people.samples import Sample, Stage, Taken, working_days_ago
from kb_server.suggestions import acts, finding, merging, reading, service, storage
from kb_server.suggestions.closing import storage as landed
from kb_server.suggestions.closing.models import Changed
from kb_server.suggestions.edits import storage as edits
from kb_server.suggestions.models import LIAISON, Asking, Given, Suggestion
from kb_server.suggestions.states import FINISH
from kb_server.suggestions.stories import LATE, SOON, STORIES, TODAY, Story, Turn
from kb_server.writing import places
from kb_server.writing.models import By, Place, Said

LONGEST = timedelta(days=90)
"""Before a moment, within which as much was worked as a team takes itself for an answer."""
A_WHILE = timedelta(hours=1)
PASSED_ON = Turn(0, "", "")
"""That an answer did not come, which nobody does."""


@dataclass(slots=True)
class _Play:
    """What is written so far: the numbers of the stories by their keys."""

    connection: sa.Connection
    stage: Stage
    numbers: dict[str, int] = field(default_factory=dict)

    def by(self, handle: str, at: datetime) -> By:
        """Somebody at that moment."""
        person = people.person_for(self.connection, handle, self.stage.roster, at)
        return By(people.actor_of(self.connection, person, self.stage.roster), self.stage.roster, at, posts=1_000)

    def one(self, key: str) -> Suggestion:
        """The suggestion of a story as it is now. Raises KeyError where that is not played."""
        found = reading.suggestion(self.connection, self.numbers[key])
        if found is None:
            raise KeyError(key)
        return found


def _write(connection: sa.Connection, stage: Stage) -> None:
    play = _Play(connection, stage)
    told = {story.key: (story, place) for story in STORIES if (place := _place(stage, story))}
    steps: list[tuple[datetime, Story, Turn | None]] = [
        (_begin(stage, story), story, None) for story, _ in told.values()
    ]
    steps += [(_passed_on(stage, story), story, PASSED_ON) for story, _ in told.values() if story.due == LATE]
    steps += [
        (working_days_ago(stage.now, turn.days, turn.time), story, turn)
        for story, _ in told.values()
        for turn in story.turns
        if not turn.into or turn.into in told
    ]
    for at, story, turn in sorted(steps, key=lambda step: step[0]):  # so that numbers and lines of the log follow time
        if turn is None:
            _ask(play, story, told[story.key][1], at)
        else:
            _take_turn(play, story, turn, at)
    for number in play.numbers.values():
        one = reading.suggestion(connection, number)
        samples.mark(connection, [_as_left(one)] if one else [])


def _place(stage: Stage, story: Story) -> Place | None:
    """Where it hangs; None where the wiki has changed, or a team is another, so that there is no such thing to say."""
    if {story.of, story.to} - set(stage.roster.teams):
        return None
    try:
        return places.place(stage.pages.get(story.page), stage.build, story.section)
    except (NotFound, Invalid):
        return None


def _ask(play: _Play, story: Story, place: Place, at: datetime) -> None:
    connection, by = play.connection, play.by(story.who, at)
    asking = Asking(Said(story.body), story.to, story.of, story.title, place)
    one = service.ask(connection, by, asking)
    play.numbers[story.key] = one.number
    samples.mark(connection, [one.name])
    if story.was:  # what somebody marked then is not on the page any more, which has become what they asked for
        storage.change(connection, one.number, exact=story.was)
    for handle in story.agree:
        service.vote(connection, play.by(handle, at), one)
    if story.labels:
        service.label(connection, play.by("lee", at), one, story.labels)


def _take_turn(play: _Play, story: Story, turn: Turn, at: datetime) -> None:
    one = play.one(story.key)
    if turn is PASSED_ON:  # as the clock would, which leaves samples alone
        storage.change(play.connection, one.number, passed=LIAISON)
        acts.log(play.connection, By(Actor(THE_CLOCK), play.stage.roster, at), "late", one, passed=LIAISON)
        return
    by = play.by(turn.who, at)
    if not turn.act:
        remark = service.remark(play.connection, by, one, Said(turn.words))
        samples.mark(play.connection, [remark.id])
        return
    by_when = (at + timedelta(days=turn.by_when)).date().isoformat() if turn.by_when else ""
    into = play.numbers[turn.into] if turn.into else 0
    given = Given(turn.act, turn.words, turn.owner, by_when, into, one.version)
    service.act(play.connection, by, one, given)
    if turn.act == FINISH and story.now:
        changed = Changed(one.page, one.section, one.section_title, story.was, story.now)
        landed.set_changes(play.connection, one.number, [changed])
    samples.mark(play.connection, [said.id for said in reading.shown_remarks(play.connection, one.number)])


# ── When ──────────────────────────────────────────────────────────────────


def _begin(stage: Stage, story: Story) -> datetime:
    """When it was asked: on its day, or so that its answer is due as its story wants it."""
    if not story.due:
        return working_days_ago(stage.now, *story.asked)
    calendar = stage.roster.teams[story.to].calendar
    if story.due == SOON:
        return stage.now - A_WHILE
    if story.due == TODAY:
        return _back(calendar, clock.due(calendar, stage.now, _rest_of_today(calendar, stage.now)), calendar.allowance)
    return _back(calendar, stage.now, calendar.allowance + calendar.allowance // 4)


def _passed_on(stage: Stage, story: Story) -> datetime:
    """When it was late, and so passed to the liaison."""
    calendar = stage.roster.teams[story.to].calendar
    return clock.due(calendar, _begin(stage, story), calendar.allowance) + timedelta(minutes=1)


def _rest_of_today(calendar: Calendar, now: datetime) -> int:
    """Half of the working time that is left today, two hours at most; where none is left, two hours of the next day."""
    left = clock.worked(calendar, now, now.replace(hour=23, minute=59))
    return min(left // 2, 7200) if left else 7200


def _back(calendar: Calendar, end: datetime, seconds: int) -> datetime:
    """So much working time before a moment, to the minute."""
    minutes, most = 0, int(LONGEST / timedelta(minutes=1))
    while minutes < most:
        middle = (minutes + most) // 2
        if clock.worked(calendar, end - timedelta(minutes=middle), end) >= seconds:
            most = middle
        else:
            minutes = middle + 1
    return end - timedelta(minutes=minutes)


# ── Taking it away ────────────────────────────────────────────────────────


def _remove(connection: sa.Connection) -> Taken:
    made_up = reading.samples(connection)
    kept = {one.number for one in made_up if _is_touched(connection, one)}
    # What a real one has joined stays, too, and so does what the kept ones have joined.
    while more := {one.into for one in made_up if one.number in kept and one.into} - kept - {0}:
        kept |= more
    gone = [one for one in made_up if one.number not in kept]
    for one in gone:
        finding.remove_all(connection, one)
        landed.remove(connection, one.number)
        edits.remove(connection, one.number)
        said = storage.remove(connection, one.number)
        samples.unmark(connection, [one.name, _as_left(one), *said])
    for number in kept:  # nobody made up who joined it agrees any more
        merging.recount(connection, number)
    urls = tuple(finding.url_of(number) for number in sorted(kept))
    return Taken(tuple(one.name for one in gone), {"suggestions": len(gone)} if gone else {}, urls)


def _is_touched(connection: sa.Connection, one: Suggestion) -> bool:
    """Whether somebody has really said or done something, or joined it: then it is theirs, too."""
    said = [remark.id for remark in reading.shown_remarks(connection, one.number)]
    joined = [other.number for other in reading.joined_to(connection, one.number) if not other.sample]
    return bool(joined) or not samples.are_marked(connection, [_as_left(one), *said])


def _as_left(one: Suggestion) -> str:
    """The mark of a suggestion as its story has left it: whoever changes it makes another version."""
    return f"{one.name} {one.version}"


SAMPLE = Sample("suggestions", _write, _remove)
