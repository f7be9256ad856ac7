"""Check: a term here has changed. Which pages are told so, by whom it is cleared, and that it is said once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from by_hand import page
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from signing import OURS, sign_in

from kb_server.activity.storage import activity
from kb_server.db import Database
from kb_server.definitions import ticking
from kb_server.definitions.checking import to_check
from kb_server.definitions.models import AGREED, RENEWED, WORDING_ONLY, Version
from kb_server.pages import slots
from kb_server.pages.manifest import Page, Term

TEXT = f"<h1>x</h1>{slots.slot(slots.TERMS, '')}"
WORDS = "Check: a term here has changed"
HANDLES = {"sales": "sam", "marketing": "mia"}


def term(page_id: str, text: str, *links: str) -> Page:
    return replace(
        page(page_id, text, title=page_id.upper(), kind="definition"),
        teams=("sales", "marketing"),
        digest=f"1:{text}{links}",
        binding=f"1:{text}",
        links=links,
        term=Term(text, f"<p>{text}</p>", text),
    )


def note(page_id: str, text: str, *links: str) -> Page:
    return replace(
        page(page_id, text, kind="note"), teams=("sales",), meta={"owner": "vera"}, digest=f"1:{text}", links=links
    )


class Wiki:
    """The served wiki: one term, a note that uses it, another term that uses it, and a page that does not."""

    def __init__(self, client: FlaskClient, publish: Callable[..., str], database: Database) -> None:
        self._app, self._publish, self.database = client.application, publish, database
        self.pages: dict[str, Page] = {}
        self.says(mql=term("mql", "One", "sql"), sql=term("sql", "S", "mql"), note=note("note", "N", "mql"))
        self.says(plain=page("plain"))
        self.agree("mql")
        self.agree("sql")

    def says(self, **pages: Page) -> Wiki:
        self.pages |= pages
        files = {f"{name}/index.html": TEXT for name in self.pages}
        self._publish(page("home", url=""), *self.pages.values(), **files)
        self._app.extensions["kb"].site.look()
        return self

    def agree(self, page_id: str) -> Wiki:
        for team, handle in HANDLES.items():
            form = {"team": team, "says": "agree", "digest": self.pages[page_id].binding}
            assert self.as_(handle).post(f"/d/{page_id}/", data=form, headers=OURS).status_code == 303
        return self

    def version(self, text: str) -> Wiki:
        return self.says(mql=term("mql", text, "sql")).agree("mql")

    def as_(self, handle: str) -> FlaskClient:
        client = self._app.test_client()
        sign_in(client, handle)
        return client

    def told(self) -> set[str]:
        """The pages that say so."""
        return {name for name in self.pages if WORDS in self.as_("otto").get(f"/{name}/").text}

    def seen(self, page_id: str = "note") -> str:
        return self.as_("sam").get(f"/{page_id}/").text.partition('name="seen" value="')[2].partition('"')[0]

    def clear(self, handle: str, page_id: str = "note", seen: str = "") -> int:
        form = {"seen": seen or self.seen(page_id)}
        return self.as_(handle).post(f"/p/{page_id}/checked/", data=form, headers=OURS).status_code

    def log(self, verb: str) -> list[str]:
        with self.database.read() as connection:
            query = sa.select(activity.c.subject).where(activity.c.verb == verb).order_by(activity.c.seq)
            return list(connection.scalars(query))

    def tick(self) -> None:
        ticking.tick(self.database, self.pages.values(), datetime.now(UTC))


@pytest.fixture
def wiki(client: FlaskClient, publish: Callable[..., str], database: Database) -> Wiki:
    return Wiki(client, publish, database)


def test_a_first_version_and_a_new_text_not_agreed_yet_ask_for_nothing(wiki: Wiki) -> None:
    assert wiki.told() == set()
    assert wiki.says(mql=term("mql", "Two", "sql")).told() == set()


def test_a_new_version_asks_every_page_that_links_to_it_and_no_other(wiki: Wiki) -> None:
    assert wiki.version("Two").told() == {"note", "sql"}
    html = wiki.as_("otto").get("/note/").text
    assert 'href="/p/mql/v/1/"' in html
    assert 'href="/p/mql/v/2/"' in html
    assert "Version 2 asks 2 pages for a check" in wiki.as_("otto").get("/mql/").text


def test_several_versions_on_the_page_compares_the_first_and_the_last(wiki: Wiki) -> None:
    html = wiki.version("Two").version("Three").as_("otto").get("/note/").text
    assert html.count("/v/") == 2
    assert "/v/1/" in html
    assert "/v/3/" in html


def test_whoever_changes_the_page_has_looked_at_it(wiki: Wiki) -> None:
    assert wiki.version("Two").says(note=note("note", "N, by version 2", "mql")).told() == {"sql"}
    assert wiki.says(plain=page("plain", "New")).told() == {"sql"}


def test_publishing_again_without_a_change_clears_nothing(wiki: Wiki) -> None:
    assert wiki.version("Two").says(plain=page("plain", "New")).told() == {"note", "sql"}


@pytest.mark.parametrize(("handle", "status"), [("sam", 303), ("vera", 303), ("lee", 303), ("mia", 403), ("otto", 403)])
def test_its_team_its_owner_and_a_liaison_say_that_it_is_still_right(wiki: Wiki, handle: str, status: int) -> None:
    wiki.version("Two")
    assert ("Still right" in wiki.as_(handle).get("/note/").text) == (status == 303)
    assert wiki.clear(handle) == status
    assert ("note" in wiki.told()) == (status != 303)
    assert wiki.log("page.checked") == (["note"] if status == 303 else [])


def test_what_was_not_shown_is_not_cleared(wiki: Wiki) -> None:
    seen = wiki.version("Two").seen()
    wiki.version("Three")
    assert wiki.clear("sam", seen=seen) == 303
    assert "note" in wiki.told()
    assert wiki.clear("sam", seen="nonsense") == 303
    assert wiki.clear("sam", seen="9" * 30) == 303
    assert "note" not in wiki.told()
    assert wiki.clear("sam") == 303
    assert len(wiki.log("page.checked")) == 2


def test_each_page_is_told_once_and_again_when_it_moves_again(wiki: Wiki) -> None:
    wiki.tick()
    assert wiki.log("page.to_check") == []
    wiki.version("Two")
    for _ in range(3):
        wiki.tick()
    assert sorted(wiki.log("page.to_check")) == ["note", "sql"]
    wiki.version("Three").tick()
    assert sorted(wiki.log("page.to_check")) == ["note", "note", "sql", "sql"]


def test_terms_that_use_each_other_ask_each_other_and_come_to_an_end(wiki: Wiki) -> None:
    wiki.version("Two")
    wiki.says(sql=term("sql", "S2", "mql")).agree("sql")
    assert wiki.told() == {"mql", "note"}
    assert wiki.clear("sam", "mql") == 303
    assert wiki.told() == {"note"}


def test_a_page_that_leads_to_the_terms_leads_to_their_list(wiki: Wiki) -> None:
    html = wiki.says(index=note("index", "I", "mql", "sql")).as_("otto").get("/index/").text
    assert '<a href="/d/" target="_self">2 definitions, 2 agreed</a>' in html
    assert 'href="/d/"' not in wiki.as_("otto").get("/note/").text


# ── Against an oracle that plays everything, one event after the other ────

PAGES, TERMS = range(6), range(4)  # a term is a page, too
LINKS = st.frozensets(st.tuples(st.sampled_from(PAGES), st.sampled_from(TERMS)))
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("version"), st.sampled_from(TERMS), st.sampled_from((AGREED, WORDING_ONLY, RENEWED))),
        st.tuples(st.sampled_from(("edit", "clear")), st.sampled_from(PAGES), st.just("")),
    ),
    max_size=40,
)


@given(LINKS, EVENTS)
def test_the_pages_told_are_those_an_oracle_tells(links: frozenset[tuple[int, int]], events: list[Any]) -> None:
    versions: dict[str, list[Version]] = {}
    since = dict.fromkeys(PAGES, 0)
    open_: dict[int, set[int]] = {one: set() for one in PAGES}  # the oracle: marks put and wiped as things happen
    for number, (what, which, how) in enumerate(events, 1):
        if what == "version":
            past = versions.setdefault(str(which), [])
            is_new = how == AGREED or not past
            count = (past[-1].version if past else 0) + is_new
            past.append(Version(number, str(which), count, "", "", AGREED if is_new else how))
            for source, target in links:
                if target == which and is_new and count > 1:
                    open_[source].add(which)
        else:
            since[which] = number
            open_[which].clear()
    for one in PAGES:
        terms = [str(target) for source, target in sorted(links) if source == one]
        assert {int(moved.term) for moved in to_check(terms, versions, since[one])} == open_[one]
