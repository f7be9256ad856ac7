"""Whom a page or a team stands for, as ids of people: somebody the teams file names need not have been here yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa

from kb_server.notifications.models import Wiki
from kb_server.people import absences, service, storage
from kb_server.people.roster import Roster, Team


def owners(connection: sa.Connection, wiki: Wiki, page_id: str) -> list[str]:
    """Who sees to a page: its owner; where there is none, those who speak for its teams.

    Nothing that is said waits for nobody: failing those too, it waits for the liaisons, at last for who runs the wiki.
    """
    return people_called(connection, wiki.roster, _owning(wiki, page_id))


def answering(connection: sa.Connection, wiki: Wiki, page_id: str, now: datetime) -> list[str]:
    """The same at this moment: whoever is away is stood in for."""
    page, handles = wiki.pages.get(page_id), _owning(wiki, page_id)
    teams = page.teams if page else ()
    return people_called(connection, wiki.roster, absences.standing_in(connection, wiki.roster, handles, now, teams))


def _owning(wiki: Wiki, page_id: str) -> list[str]:
    page = wiki.pages.get(page_id)
    if page is None:
        return []
    owner, teams = str(page.meta.get("owner") or ""), _teams(wiki, page_id)
    if owner in wiki.roster.people:
        return [owner]
    speaking = [one for team in teams for one in team.speakers]
    between = [one for team in teams or wiki.roster.teams.values() for one in team.liaisons]
    return speaking or between or sorted(wiki.roster.admins)


def speakers(connection: sa.Connection, wiki: Wiki, page_id: str) -> list[str]:
    """Who speaks for the teams of a page."""
    return people_called(connection, wiki.roster, [one for team in _teams(wiki, page_id) for one in team.speakers])


def liaisons(connection: sa.Connection, wiki: Wiki, page_id: str) -> list[str]:
    """The liaisons of a page's teams; of all teams, where it has none."""
    teams = _teams(wiki, page_id) or list(wiki.roster.teams.values())
    return people_called(connection, wiki.roster, [one for team in teams for one in team.liaisons])


def members(connection: sa.Connection, wiki: Wiki, teams: Iterable[str]) -> list[str]:
    """Who is in these teams: by the teams file, or because somebody has let them in."""
    wanted = {wiki.roster.now(team) for team in teams} & wiki.roster.teams.keys()
    if not wanted:
        return []
    listed = [one.handle for one in wiki.roster.people.values() if wanted.intersection(one.teams)]
    joined = [one.person_id for one in storage.memberships_in(connection, wiki.roster.ever(wanted)) if one.confirmed]
    return list(dict.fromkeys([*people_called(connection, wiki.roster, listed), *joined]))


def people_called(connection: sa.Connection, roster: Roster, handles: Iterable[str]) -> list[str]:
    """The people of these handles, each once; whoever is not known yet is written down."""
    return [person.id for person in service.people_for(connection, handles, roster, datetime.now(UTC)).values()]


def _teams(wiki: Wiki, page_id: str) -> list[Team]:
    page = wiki.pages.get(page_id)
    return [wiki.roster.teams[key] for key in (page.teams if page else ()) if key in wiki.roster.teams]
