"""The teams: everything that was said for one is said for one that teams.yml knows, or knows to have been."""

from __future__ import annotations

from collections.abc import Iterator

from kb_server.upkeep.models import Check, Installation, attention, ok
from kb_server.web.build import BuildError, load

NAME = "teams"


def teams(installation: Installation) -> Iterator[Check]:
    """Whether a team has gone out of teams.yml and left something behind that speaks for nobody now."""
    with installation.store() as database:
        published, named = installation.published(database), set(installation.teams(database))
    if not (published and named):
        return
    try:
        roster = load(installation.settings.data_dir / "builds" / published[0]).roster
    except BuildError:
        return  # the builds are looked at by themselves
    gone = sorted(one for one in named - roster.dissolved if roster.now(one) not in roster.teams)
    for one in gone:
        finding = f"Something was said for the team '{one}', which is not in teams.yml any more."
        remedy = f"Write `was: [{one}]` at the team it has become, or `dissolved: [{one}]` above, and publish."
        yield attention(NAME, finding, remedy)
    if not gone:
        yield ok(NAME, "Each team for which anything was said is in teams.yml.")
