"""`kb verify`: every digest is worked out again from what was kept, and what was tampered with is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from by_hand import page
from click.testing import CliRunner, Result
from terms import MONDAY

from kb_mkdocs.collect import Read, collected
from kb_mkdocs.links import Addresses
from kb_server.cli.program import kb
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.definitions import service, storage
from kb_server.definitions.models import AGREE, Answer, Facts
from kb_server.definitions.storage import wordings
from kb_server.definitions.verifying import verify
from kb_server.pages.manifest import Page, Term

HEAD = '<h1 id="mql">MQL</h1><h2 id="definition">Definition<a class="headerlink" href="#definition">¶</a></h2>'
TAIL = '<h2 id="examples">Examples</h2><ul><li>Lead A, <a href="../away/">see</a></li></ul>'
NOTE = '<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>'
NOTES = (
    '<div class="footnote"><hr><ol><li id="fn:1"><p>At least twice. '
    '<a class="footnote-backref" href="#fnref:1">back</a></p></li></ol></div>'
)
TEXTS = {
    "plain": "<p>In the last 30 days they asked for a demo.</p>",
    "links": '<p>Fits our <a href="../icp/#criteria">profile</a>, the <a href="../../plan.pdf?x=1#p">plan</a> and '
    '<a href="https://example.com/x">that</a>.</p>',
    "picture": '<p>Like <img alt="this one" src="../../a.png">.</p>',
    "criteria": '<p>A lead.</p><h2 id="criteria">Criteria</h2><ol><li>50 employees<h3 id="but">But</h3></li>'
    "<li>x<sup>2</sup>, <del>not</del></li></ol><table><tr><td>a</td><td>b</td></tr></table>",
    "note": f"<p>They asked{NOTE}.</p>",
    "shouts": '<p>It\u2019s \u201cours\u201d \u2013 35\u202f%</p><h2 id="criteria">Criteria</h2><h4>No id here</h4>'
    "<p>One</p>",
}
ADDRESSES = Addresses({"d/mql/": "mql", "d/icp/": "icp"}, lambda name: b"picture" if name == "a.png" else None)


def mql(inside: str = TEXTS["plain"]) -> Page:
    html = HEAD + inside + TAIL + (NOTES if NOTE in inside else "")
    found = collected(Read("mql", "mql.md", "d/mql/", "MQL", html, "", {"kind": "definition"}), ADDRESSES).page
    return replace(page("mql", kind="definition"), teams=("sales",), binding=found.binding, term=found.term)


def facts(found: Page) -> Facts:
    return Facts("mql", found.binding, ("sales",))


@pytest.fixture
def put(publish: Callable[..., str], database: Database) -> Callable[[Page], Page]:
    """Publish a definition, and bring it into force as Sales agrees."""

    def run(found: Page) -> Page:
        publish(page("home", url=""), found)
        with database.transaction() as connection:
            said = Answer(service.storage.next_number(connection), "mql", "sales", found.binding, "p_1", "2026", AGREE)
            storage.add(connection, said)
            service.settle(connection, facts(found), MONDAY)
        return found

    return run


@pytest.fixture
def run(settings: Settings) -> Callable[..., Result]:
    def invoke(*words: str) -> Result:
        settings.config_file.write_text("site_name: W\n")
        environment = {"KB_DATA_DIR": str(settings.data_dir), "KB_DATABASE_URL": settings.database_url}
        return CliRunner().invoke(kb, ["verify", "-f", str(settings.config_file), *words], env=environment)

    return invoke


@pytest.mark.parametrize("name", TEXTS)
def test_what_was_published_is_what_its_digest_says(
    name: str, put: Callable[[Page], Page], run: Callable[..., Result]
) -> None:
    put(mql(TEXTS[name]))
    done = run()
    assert done.output == "1 wording of 1 definition: all are what their digests say.\n"
    assert done.exit_code == 0


@pytest.mark.parametrize("name", ["plain", "links", "picture", "criteria", "shouts"])
def test_no_more_of_a_page_is_kept_than_proof_needs(name: str) -> None:
    term = mql(TEXTS[name]).term
    assert term
    assert "Lead A" not in term.rendered
    assert "away" not in str(term.links)


def test_what_binds_and_stands_elsewhere_on_the_page_is_kept_too() -> None:
    term = mql(TEXTS["note"]).term
    assert term
    assert "At least twice" in term.rendered


@pytest.mark.parametrize(
    ("column", "was", "now", "said"),
    [
        ("rendered", "30 days", "14 days", "another digest"),
        ("rendered", "30 days", "<del>30</del> days", "another digest"),
        ("rendered", "they asked", "they <!-- never --> asked", ""),
        ("digest", ":", ":0", "another digest"),
        ("leads", "{", "[", "another digest"),
        ("text", "30 days", "14 days", "plain text"),
        ("html", "30 days", "14 days", "other words"),
        ("html", "demo", "<b>demo</b>", ""),
    ],
)
def test_what_was_tampered_with_is_found_and_named(  # noqa: PLR0913, PLR0917  -- what, and by whom it is asked
    column: str,
    was: str,
    now: str,
    said: str,
    put: Callable[[Page], Page],
    run: Callable[..., Result],
    database: Database,
) -> None:
    put(mql())
    with database.transaction() as connection:
        changed = sa.func.replace(wordings.c[column], was, now)
        connection.execute(sa.update(wordings).values({column: changed}))
    done = run()
    assert done.exit_code == (1 if said else 0)
    assert said in done.output
    if said and column != "digest":
        assert "\nmql, version 1, 1:" in done.output


@pytest.mark.parametrize(("was", "now"), [("icp", "sql"), ("icp#criteria", "icp#why"), ("plan.pdf", "other.pdf")])
def test_a_link_that_was_led_elsewhere_is_found(
    was: str, now: str, put: Callable[[Page], Page], run: Callable[..., Result], database: Database
) -> None:
    put(mql(TEXTS["links"]))
    with database.transaction() as connection:
        leads = json.loads(connection.scalars(sa.select(wordings.c.leads)).one())
        leads["links"] = {href: there.replace(was, now) for href, there in leads["links"].items()}
        connection.execute(sa.update(wordings).values(leads=json.dumps(leads)))
    assert run().exit_code == 1


def test_a_text_somebody_relied_on_must_be_there(
    put: Callable[[Page], Page], run: Callable[..., Result], database: Database
) -> None:
    old = put(mql())
    put(mql(TEXTS["links"]))
    with database.transaction() as connection:
        connection.execute(sa.delete(wordings).where(wordings.c.digest == old.binding))
    (mismatch,) = json.loads(run("--json").output)["mismatches"]
    assert mismatch == {"page": "mql", "version": 1, "digest": old.binding, "wrong": "missing"}


def test_a_wording_that_was_kept_without_proof_is_said_and_is_no_mismatch(
    publish: Callable[..., str], run: Callable[..., Result]
) -> None:
    bare = replace(mql(), term=Term("A contact.", "<p>A contact.</p>", "A contact."))
    publish(page("home", url=""), bare)
    done = run()
    assert done.exit_code == 0
    assert "1 of them were kept before" in done.output


def test_all_versions_are_looked_at_with_as_many_questions_as_one(
    put: Callable[[Page], Page], database: Database
) -> None:
    for inside in TEXTS.values():
        put(mql(inside))
    with database.read() as connection:
        found = verify(connection, {})
    assert (found.wordings, found.definitions, found.mismatches) == (len(TEXTS), 1, ())
