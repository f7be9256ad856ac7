"""The sample activity of conversations: played by the same rules as real ones, marked, and taken away as a whole.

A conversation in which somebody has really written something stays as it is: an answer is worth nothing without its
question. What was made up in it keeps its mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, record
from kb_server.errors import Invalid, NotFound
from kb_server.pages import quotes
from kb_server.pages.passages import CHANGED, HERE, MOVED
from kb_server.people import samples
from kb_server.people import service as people
from kb_server.people.samples import Sample, Stage, Taken, working_days_ago
from kb_server.people.secret import stamp
from kb_server.threads import finding, origins, reading, service, storage
from kb_server.threads.models import Thread, Topic
from kb_server.threads.origins import Origin
from kb_server.threads.stories import STORIES, Story, Turn
from kb_server.writing import places
from kb_server.writing.models import By, Marked, Place, Said

REASONS = {turn.settles for story in STORIES for turn in story.turns if turn.settles}
"""How made-up conversations are settled: any other reason was really written."""


@dataclass(slots=True)
class Scene:
    """A story on its page, and the conversation once it has begun."""

    story: Story
    place: Place
    thread: Thread | None = None


def _write(connection: sa.Connection, stage: Stage) -> None:
    scenes = [scene for story in STORIES if (scene := _scene(stage, story))]
    turns = [
        (working_days_ago(stage.now, turn.days, turn.time), scene, turn)
        for scene in scenes
        for turn in scene.story.turns
    ]
    for at, scene, turn in sorted(turns, key=lambda one: one[0]):  # so that numbers and lines of the log follow time
        _play(connection, stage, scene, turn, at)


def _scene(stage: Stage, story: Story) -> Scene | None:
    """The story on its page; None where the wiki has changed so that it has none."""
    try:
        place = places.place(stage.pages.get(story.page), stage.build, story.section)
    except (NotFound, Invalid):
        return None
    is_there = not story.quote or quotes.found(place.text, story.quote)
    return Scene(story, place) if is_there else None


def _play(connection: sa.Connection, stage: Stage, scene: Scene, turn: Turn, at: datetime) -> None:
    if not turn.who and scene.thread:
        _carry(connection, scene.story, scene.thread, at)
        return
    by = _by(connection, stage, turn.who, at)
    if turn.settles and scene.thread:
        service.settle(connection, by, scene.thread, scene.place, turn.settles)
        return
    comment = (
        service.answer(connection, by, scene.thread, scene.place, Said(turn.says))
        if scene.thread
        else service.start(connection, by, _topic(scene), Said(turn.says))
    )
    scene.thread = service.thread_of(connection, comment)
    samples.mark(connection, [comment.thread, comment.id])
    for handle in turn.agreed:
        service.agree(connection, _by(connection, stage, handle, at), comment, scene.place)


def _topic(scene: Scene) -> Topic:
    passage = Marked(scene.story.quote) if scene.story.quote else None
    return Topic(scene.place, scene.story.kind, passage)


def _carry(connection: sa.Connection, story: Story, thread: Thread, at: datetime) -> None:
    """Let the passage have become what it is since they began to speak of it."""
    section, title = story.came_from if story.came_from[0] else (thread.section, thread.section_title)
    origins.keep(connection, Origin(thread.id, thread.page, section, title, story.was or story.quote, at=stamp(at)))
    fate = CHANGED if story.was else MOVED
    storage.change_thread(connection, thread.id, fate=fate)
    data = {"thread": thread.id, "page": thread.page, "section": thread.section, "kind": thread.kind}
    data |= {"fate": fate, "before": HERE}
    record(connection, actor=THE_BUILD, verb="thread.carried", subject=thread.id, data=data, at=stamp(at))


def _by(connection: sa.Connection, stage: Stage, handle: str, at: datetime) -> By:
    person = people.person_for(connection, handle, stage.roster, at)
    return By(people.actor_of(connection, person, stage.roster), stage.roster, at, posts=1_000)


def _remove(connection: sa.Connection) -> Taken:
    made_up = reading.samples(connection)
    kept = [thread for thread in made_up if reading.is_written_in(connection, thread, REASONS)]
    gone = [thread for thread in made_up if thread not in kept]
    said = [comment for thread in gone for comment in reading.comments_in(connection, thread.id)]
    for comment in said:
        finding.remove(connection, comment)
    for thread in gone:
        finding.remove_reason(connection, thread)
        origins.forget(connection, thread.id)
        storage.remove_thread(connection, thread)
    samples.unmark(connection, [*(thread.id for thread in gone), *(comment.id for comment in said)])
    counts = {"conversations": len(gone), "remarks": len(said)}
    return Taken(tuple(thread.id for thread in gone), counts, tuple(finding.url_of(thread.id) for thread in kept))


SAMPLE = Sample("conversations", _write, _remove)
