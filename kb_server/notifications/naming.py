"""Names in place of handles, in what somebody said: a list and a mail say whom a text means as people say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import sqlalchemy as sa
from markupsafe import Markup, escape

from kb_server.people import storage
from kb_server.people.roster import Roster
from kb_server.words import t

Facts = Mapping[str, object]
TEAM = "team:"
_HANDLE = re.compile(r"(?<![\w@./-])@([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w@])", re.IGNORECASE)


def told(facts: Facts, title: str, text: str) -> tuple[str, str]:
    """Title and text of a document as people are told them: what is not to be found has these among its facts."""
    shown = facts.get("shown")
    return (str(shown["title"]), str(shown["text"])) if isinstance(shown, Mapping) else (title, text)


def mentioned(facts: Facts) -> dict[str, str]:
    """Whom a document's text means, by the handle it is written with: ids of people, and of teams behind TEAM."""
    found = facts.get("mentions")
    return dict(found) if isinstance(found, Mapping) else {}


def names(connection: sa.Connection, all_facts: Iterable[Facts], roster: Roster) -> dict[str, str]:
    """What whoever is meant by these texts is called now, by their ids."""
    ids = {one for facts in all_facts for one in mentioned(facts).values()}
    people = {one for one in ids if not one.startswith(TEAM)}
    known = storage.people_by_id(connection, people) if people else {}
    called = {one: known[one].name if one in known else "" for one in people}
    called |= {TEAM + key: team.name for key, team in roster.teams.items() if TEAM + key in ids}
    return {one: name or t("talk.somebody") for one, name in called.items()}


def plain(text: str, facts: Facts, names: Mapping[str, str]) -> str:
    """The text with names in place of handles."""
    return "".join(f"@{name}" if name else said for said, name in _pieces(text, facts, names))


def marked(text: str, facts: Facts, names: Mapping[str, str]) -> Markup:
    """The same as HTML, as conversations show it."""
    mention = Markup('<b class="kb-mention">@<bdi>{}</bdi></b>')
    return Markup().join(mention.format(name) if name else escape(said) for said, name in _pieces(text, facts, names))


def _pieces(text: str, facts: Facts, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The text in pieces, with a name for those that are a mention."""
    meant, at = mentioned(facts), 0
    for found in _HANDLE.finditer(text):
        name = names.get(meant.get(found[1].lower(), ""), "")
        if name:
            yield text[at : found.start()], ""
            yield found[0], name
            at = found.end()
    yield text[at:], ""
