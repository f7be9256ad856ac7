"""Who has to answer for a team, at this moment: whoever is away is stood in for by their deputies.

Anybody of the team may answer; this is about whom it waits for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from kb_server.notifications.models import Wiki
from kb_server.notifications.whom import people_called
from kb_server.people import absences
from kb_server.people.roster import Team

Handles = Sequence[str]


def answering(connection: sa.Connection, wiki: Wiki, team_id: str, page_id: str, now: datetime) -> list[str]:
    """The page's owner, if they are of the team; else who answers for it, else who speaks for it.

    Nothing that is asked waits for nobody: failing those too, it waits for the liaisons, the head, who runs the wiki.
    """
    team = wiki.roster.teams.get(wiki.roster.now(team_id))
    if team is None:
        return _first_present(connection, wiki, None, [sorted(wiki.roster.admins)], now)
    return _first_present(connection, wiki, team, [_owner(wiki, team, page_id), *_of(wiki, team)], now)


def liaisons(connection: sa.Connection, wiki: Wiki, team_id: str, now: datetime) -> list[str]:
    """Whom it is passed to first."""
    team = wiki.roster.teams.get(wiki.roster.now(team_id))
    found = [team.liaisons, _head(team)] if team else []
    return _first_present(connection, wiki, team, [*found, sorted(wiki.roster.admins)], now)


def speaking(connection: sa.Connection, wiki: Wiki, team_id: str, now: datetime) -> list[str]:
    """Who may speak for a team. Nobody else may, so where nobody does, it is nobody."""
    team = wiki.roster.teams.get(wiki.roster.now(team_id))
    return _first_present(connection, wiki, team, [team.speakers] if team else [], now)


def heads(connection: sa.Connection, wiki: Wiki, team_id: str, now: datetime) -> list[str]:
    """Whom it is passed to at last."""
    team = wiki.roster.teams.get(wiki.roster.now(team_id))
    return _first_present(connection, wiki, team, [_head(team), sorted(wiki.roster.admins)], now)


def _of(wiki: Wiki, team: Team) -> list[Handles]:
    return [team.answers, team.speakers, team.liaisons, _head(team), sorted(wiki.roster.admins)]


def _head(team: Team | None) -> Handles:
    return (team.head,) if team and team.head else ()


def _owner(wiki: Wiki, team: Team, page_id: str) -> Handles:
    page = wiki.pages.get(page_id)
    owner = str(page.meta.get("owner") or "") if page else ""
    listed = wiki.roster.people.get(owner)
    return (owner,) if listed and team.id in listed.teams else ()


def _first_present(
    connection: sa.Connection, wiki: Wiki, team: Team | None, groups: Iterable[Handles], now: datetime
) -> list[str]:
    """Of the first of these groups of whom somebody is there, or stood in for, those; if all are away, the first."""
    wanted = [group for group in groups if group]
    gone = absences.away(connection, now) if wanted else {}
    there = (absences.present(wiki.roster, group, gone, (team.id,) if team else ()) for group in wanted)
    return people_called(connection, wiki.roster, next(filter(None, there), wanted[0] if wanted else ()))
