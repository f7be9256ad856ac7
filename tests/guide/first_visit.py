"""The sample wiki as its sample activity needs it, made by hand: its people, and the pages it talks about."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from by_hand import page

from kb_server.app import TELLING
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.pages.manifest import Page, Section
from kb_server.sample import write_once
from kb_server.threads.stories import STORIES, Story
from kb_server.web.site import Site

PLACE = "<!--kb:above--><!--/kb:above-->"
OWNERS = {
    "contacts-from-events": "mia",
    "what-marketing-does": "mia",
    "following-up-after-a-webinar": "tom",
    "who-answers-a-demo-request": "nia",
}
LATER = {"activity", "readers", "counters", "meta", "allowances", "people"}
"""Tables that tell of what happened, how far that was read, or of whom there is: they go on."""


def team(name: str, hue: str, head: str, liaison: str) -> dict[str, Any]:
    return {"name": name, "hue": hue, "head": head, "speakers": [head], "liaisons": [liaison]}


def person(name: str, *teams: str) -> dict[str, Any]:
    return {"name": name, "email": f"{name.lower()}@example.com", "sign_in": "", "teams": list(teams)}


ROSTER: dict[str, Any] = {
    "teams": {
        "sales": team("Sales", "blue", "sam", "lee"),
        "marketing": team("Marketing", "plum", "mia", "lee"),
        "success": team("Customer Success", "ochre", "otto", "lee"),
    },
    "people": {
        "sam": person("Sam", "sales"),
        "nia": person("Nia", "sales"),
        "mia": person("Mia", "marketing"),
        "tom": person("Tom", "marketing"),
        "lee": person("Lee", "sales", "marketing"),
        "otto": person("Otto", "success"),
        "ada": person("Ada"),
    },
    "admins": ["ada"],
}


def pages() -> list[Page]:
    """The pages the stories are about, each with what they quote, and a home."""
    by_page = sorted(STORIES, key=lambda story: story.page)
    return [page("home", url=""), *(_page(one, list(some)) for one, some in groupby(by_page, lambda story: story.page))]


def _page(page_id: str, stories: Iterable[Story]) -> Page:
    plain = page(page_id, f"All about {page_id}.")
    found = [_section(story) for story in stories]
    fields = {name: getattr(plain, name) for name in Page.__slots__ if name not in {"teams", "meta", "sections"}}
    meta = {"owner": OWNERS.get(page_id, "lee")}
    return Page(**fields, teams=("sales", "marketing"), meta=meta, sections=(*plain.sections, *found))


def _section(story: Story) -> Section:
    text = f"First this, then {story.quote} and so on."
    return Section(story.section, story.section, 2, text, text, (2, 3), f"1:{len(text)}")


def begin(database: Database, settings: Settings, site: Site) -> bool:
    """The first start of a server."""
    return write_once(database, settings, site, TELLING)


def rows(database: Database, *, but: Iterable[str] = LATER) -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored, by table; of texts that can be found, those that are not gone."""
    tables = sa.MetaData()
    with database.read() as connection:
        tables.reflect(connection)
        kept = [table for table in tables.sorted_tables if not table.name.startswith(("documents_", "alembic"))]
        found = {table.name: connection.execute(sa.select(table)).mappings().all() for table in kept}
    there = {name: [row for row in some if row.get("kind") != "removed"] for name, some in found.items()}
    return {name: sorted(map(repr, some)) for name, some in there.items() if name not in set(but)}  # type: ignore[misc]
