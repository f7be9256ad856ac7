"""Definitions to take away, with every text that was published, its digest, and what each team said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kb_server.definitions import storage, view
from kb_server.definitions.listing import Listed
from kb_server.definitions.models import Answer, Past, TeamSays, Wording
from kb_server.people.roster import Roster
from kb_server.words import each
from kb_server.writing.names import Names

AT_ONCE = 200
COLUMNS = (
    "definition",
    "title",
    "state",
    "version",
    "since",
    "due",
    "team",
    "says",
    "person",
    "at",
    "reason",
    "own",
    "digest",
    "text",
    "digest_in_force",
    "text_in_force",
    "address",
)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Export:
    """What is taken away, of which wiki; it begins at the address `root`."""

    found: Sequence[Listed]
    roster: Roster
    root: str

    def rows(self, connection: sa.Connection) -> Iterator[Row]:
        """A row for each definition, with all of its past; read a part at a time."""
        for start in range(0, len(self.found), AT_ONCE):
            yield from self._some(connection, self.found[start : start + AT_ONCE])

    def table(self, connection: sa.Connection) -> Iterator[Row]:
        """A row for each definition and team, for a spreadsheet."""
        for row in self.rows(connection):
            force: Row = next((one for one in reversed(row["versions"]) if one["version"] == row["version"]), {})
            in_force = {"digest_in_force": force.get("digest", ""), "text_in_force": force.get("text", "")}
            says = each("definition.says_of")
            for team in row["teams"] or [_NOBODY]:
                words = {
                    "says": says[team["says"] or "nothing"] if team["team"] else "",
                    "state": row["state_in_words"],
                }
                yield row | in_force | team | words

    def _some(self, connection: sa.Connection, found: Sequence[Listed]) -> Iterator[Row]:
        pages = [one.page.id for one in found]
        pasts = storage.pasts(connection, pages)
        kept: dict[str, dict[str, Wording]] = {page: {} for page in pages}
        for wording in storage.wordings_of(connection, pages):
            kept[wording.page][wording.digest] = wording
        people = {who for page in pages for who in view.people_in(pasts[page], kept[page].values())}
        names = Names(connection, people, self.roster)
        for one in found:
            yield self._row(one, pasts[one.page.id], kept[one.page.id], names)

    def _row(self, one: Listed, past: Past, kept: Mapping[str, Wording], names: Names) -> Row:
        force, now = one.stands.force, kept.get(one.facts.digest)
        return {
            "definition": one.page.id,
            "title": one.page.title,
            "state": one.stands.state,
            "state_in_words": each("state")[one.stands.state],
            "version": force.version if force else "",
            "since": one.stands.since,
            "due": one.facts.review.isoformat() if one.facts.review else "",
            "is_due": one.stands.is_due,
            "waits_for": [self._team(team) for team in one.waits_for],
            "digest": one.facts.digest,
            "text": now.text if now else "",
            "teams": [self._says(team, names) for team in one.stands.teams],
            "versions": [
                {"version": version.version, "how": version.how, "at": version.at} | _text(kept, version.digest)
                for version in past.versions
            ],
            "answers": [self._answer(answer, names) for answer in past.answers],
            "wordings": [
                {"at": wording.at, "person": _name(names, wording.person), "commit": wording.commit}
                | _text(kept, wording.digest)
                for wording in sorted(kept.values(), key=lambda wording: (wording.at, wording.digest))
            ],
            "address": f"{self.root}p/{one.page.id}/",
        }

    def _team(self, team: str) -> str:
        return self.roster.team(team).name

    def _says(self, one: TeamSays, names: Names) -> Row:
        who = {"team": self._team(one.team), "says": one.says, "person": _name(names, one.person)}
        return who | {"at": one.at, "reason": one.reason, "own": one.own}

    def _answer(self, one: Answer, names: Names) -> Row:
        who = {"team": self._team(one.team), "says": one.says, "person": _name(names, one.person)}
        return who | {"at": one.at, "reason": one.reason, "own": one.own, "digest": one.digest}


def _name(names: Names, person: str) -> str:
    return names.name(person) if person else ""


def _text(kept: Mapping[str, Wording], digest: str) -> Row:
    return {"digest": digest, "text": kept[digest].text if digest in kept else ""}


_NOBODY: Row = dict.fromkeys(("team", "says", "person", "at", "reason", "own"), "")
