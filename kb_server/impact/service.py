"""``kb impact``: both sides of a change are built aside and compared, and what the store knows is laid beside them.

Nothing is published and nothing written: what would come about is worked out by the functions that publishing uses, up
to the point at which it writes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from kb_server.builds import service as builds
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.errors import Invalid, KbError
from kb_server.impact import closings, talks, terms
from kb_server.impact.models import Impact
from kb_server.links import service as links
from kb_server.web.build import Build

NO_STORE = (
    "There is no store here. So it is not known which conversations the change touches, which of the suggestions exist "
    "and are open, what teams agreed to, and which links are used."
)
NOT_PUBLISHED = "What is published is another build than the one compared with: conversations go on from what is."
OTHER_SETTINGS = (
    "The change touches more than pages and teams. Both sides are built with the settings, templates and programs of "
    "the side before, so what it changes of those does not show here."
)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both builds, their commits, and the title of the pull request."""

    before: Build
    after: builds.Made
    base: str
    head: str
    title: str


def impact(
    settings: Settings, wanted: str, database: Database | None = None, *, title: str = "", own_config: bool = False
) -> Impact:
    """What the commits of `wanted` (``BASE..HEAD``) would do if they were merged and published.

    `title` is that of the pull request, which the merge will have; `own_config` builds HEAD with its own configuration,
    which may run anything. Raises Invalid, BuildFailed.
    """
    base, head = _ends(wanted)
    current = _current(database, settings)
    with builds.aside(settings) as aside:
        first, last = aside.commit(base), aside.commit(head)
        merged = aside.merged(first, last)
        reused = current if current and current.manifest.commit == first else None
        before = reused or aside.made(first).build
        after = aside.made(merged, "" if own_config else first)
        sides = _Sides(before, after, first, last, title)
        found = _by_builds(sides)
        if database and current:
            found = _with_store(found, database, settings, sides)
        else:
            named = closings.named(settings.config_file.resolve().parent, first, last, title)
            found = replace(found, closings=tuple(named), unseen=(NO_STORE,))
        if not own_config and aside.touches_more(first, merged):
            found = replace(found, unseen=(*found.unseen, OTHER_SETTINGS))
    return replace(found, uses=tuple(terms.uses(found.terms, after.build)))


def _ends(wanted: str) -> tuple[str, str]:
    base, dots, head = wanted.partition("..")
    if not dots or not base:
        raise Invalid(f"{wanted!r} is no range of commits. Write BASE..HEAD, for example origin/main..HEAD.")
    return base, head.removeprefix(".") or "HEAD"


def _current(database: Database | None, settings: Settings) -> Build | None:
    if database is None:
        return None
    try:
        return builds.current(database, settings)
    except KbError:  # nothing is published yet, or its files are not here
        return None


def _by_builds(sides: _Sides) -> Impact:
    """What the two builds say by themselves."""
    before, after = sides.before, sides.after.build
    return Impact(
        sides.base,
        sides.head,
        terms=tuple(terms.between(before, after, sides.after.home)),
        broken=tuple(links.broken(links.listed(before, {}), before, after)),
        moved=tuple(links.moved(before, after)),
    )


def _with_store(found: Impact, database: Database, settings: Settings, sides: _Sides) -> Impact:
    """With what people did, as the store has it."""
    before, after = sides.before, sides.after.build
    is_published = builds.published_ids(database)[:1] == [before.id]
    home, past = settings.config_file.resolve().parent, builds.past_of(settings)
    with database.read() as connection:
        return replace(
            found,
            closings=tuple(closings.foreseen(connection, home, sides.base, sides.head, sides.title)),
            terms=tuple(terms.standing(connection, found.terms, before, after, datetime.now(UTC))),
            broken=tuple(links.broken(links.links(connection, before), before, after)),
            talks=tuple(talks.foreseen(connection, before, after, past, is_published=is_published)),
            unseen=() if is_published else (NOT_PUBLISHED,),
        )
