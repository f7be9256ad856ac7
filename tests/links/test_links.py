"""Every link into the wiki: where it leads, how often it is used, and whether a branch would break it."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from by_hand import page
from flask.testing import FlaskClient
from pasts import Past
from processes import KB

from kb_server.app import USES, create_app
from kb_server.builds import service as building
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.links import service, terminal
from kb_server.links.models import Broken, Link
from kb_server.pages import history, layout
from kb_server.pages.history import Address, History, Removed, Target
from kb_server.pages.manifest import Page, Section

Publish = Callable[..., str]
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def handover(*anchors: str, url: str = "handover/") -> Page:
    made = page("handover", title="Handing over", url=url)
    return replace(made, sections=(*made.sections, *(Section(one, one, 2, "", "", None, "1:0") for one in anchors)))


@pytest.fixture
def wiki(publish: Publish) -> None:
    gone = Removed("Fairs", "2026-06-03", "Enough", page="fairs")
    past = History(addresses={"old/": Address(Target("handover")), "fairs/": Address(None, removed=gone)})
    publish(handover("steps"), **{layout.HISTORY: history.dumps(past)})


@pytest.fixture
def follow(database: Database, settings: Settings) -> Callable[..., list[Link]]:
    """Ask a server for some addresses, with these headers; gives the links with their uses."""
    app = create_app(settings, database)
    client: FlaskClient = app.test_client()

    def run(*addresses: str, **headers: str) -> list[Link]:
        for address in addresses:
            client.get(address, headers=headers)
        app.extensions[USES].write(database, NOW)
        with database.read() as connection:
            return service.links(connection, building.current(database, settings))

    return run


@pytest.mark.usefixtures("wiki")
def test_every_link_is_listed_with_where_it_leads(follow: Callable[..., list[Link]]) -> None:
    assert follow() == [
        Link("fairs/", "", "Fairs", "removed"),
        Link("go/fairs/", "", "Fairs", "removed"),
        Link("go/handover/", "handover/", "Handing over"),
        Link("old/", "handover/", "Handing over"),
        Link("p/fairs/", "", "Fairs", "removed"),
        Link("p/handover/", "handover/", "Handing over"),
        Link("p/handover/steps/", "handover/#steps", "Handing over"),
    ]


@pytest.mark.usefixtures("wiki")
def test_uses_from_elsewhere_are_counted_whatever_was_typed(follow: Callable[..., list[Link]]) -> None:
    found = follow(
        "/p/handover/", "/p/handover/", "/p/handover/nonsense/", "/old", "/go/HANDOVER/", "/p/nobody/", "/fairs/"
    )
    assert {link.address: (link.uses, link.last) for link in found if link.uses} == {
        "p/handover/": (3, "2026-11"),
        "old/": (1, "2026-11"),
        "go/handover/": (1, "2026-11"),
        "fairs/": (1, "2026-11"),
    }
    assert found[0].address == "p/handover/"
    assert follow("/p/handover/")[0].uses == 4


def test_a_link_longer_than_a_store_can_count_keeps_back_no_other(
    follow: Callable[..., list[Link]], publish: Publish
) -> None:
    long = random.Random(5).randbytes(5_000).hex()
    publish(handover("steps", long))
    found = follow("/p/handover/steps/", f"/p/handover/{long}/")
    assert [link.address for link in found if link.uses] == ["p/handover/steps/"]


@pytest.mark.usefixtures("wiki")
def test_links_inside_of_the_wiki_are_not_counted(follow: Callable[..., list[Link]]) -> None:
    assert not any(link.uses for link in follow("/p/handover/", Referer="http://localhost/handover/"))
    assert any(link.uses for link in follow("/p/handover/", Referer="https://deck.example.com/"))


@pytest.mark.usefixtures("wiki")
def test_who_had_to_sign_in_on_the_way_is_counted(follow: Callable[..., list[Link]]) -> None:
    assert follow("/p/handover/", Referer="http://localhost/sign-in/?next=/p/handover/")[0].uses == 1


@pytest.mark.usefixtures("wiki")
def test_who_only_asks_whether_a_link_leads_anywhere_is_not(
    settings: Settings, database: Database, follow: Callable[..., list[Link]]
) -> None:
    app = create_app(settings, database)
    assert app.test_client().head("/p/handover/").status_code == 302
    app.extensions[USES].write(database, NOW)
    assert not any(link.uses for link in follow())


@pytest.mark.usefixtures("wiki")
def test_a_link_that_was_used_and_leads_nowhere_now_is_listed(
    follow: Callable[..., list[Link]], publish: Publish
) -> None:
    follow("/old/")
    publish(page("other"))
    assert Link("old/", "", "", "unknown", 1, "2026-11") in follow()


@pytest.mark.usefixtures("wiki")
def test_who_used_a_link_is_not_known(database: Database, follow: Callable[..., list[Link]]) -> None:
    follow("/old/", Referer="https://someone.example.com/", **{"User-Agent": "Somebody"})
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM link_uses").fetchall()
    assert [tuple(row) for row in rows] == [("old/", "2026-11", 1)]


def test_what_moves_is_not_broken_and_what_goes_is(publish: Publish, database: Database, settings: Settings) -> None:
    ended = History(addresses={"fairs/": Address(None, removed=Removed("Fairs", "", ""))})
    publish(handover("steps", "who"), page("calls"), **{layout.HISTORY: history.dumps(ended)})
    before = building.current(database, settings)
    with database.read() as connection:
        known = service.links(connection, before)
    past = History(addresses={"handover/": Address(Target("handover")), "calls/": Address(None)})
    publish(handover("steps", url="new/"), **{layout.HISTORY: history.dumps(past)})
    after = building.current(database, settings)
    found = {one.link.address: one.ended for one in service.broken(known, before, after)}
    assert found == {
        "go/calls/": "unknown",
        "p/calls/": "unknown",
        "p/handover/who/": "section gone",
        "calls/": "removed",
        "handover/#who": "section gone",
    }


def test_what_stays_is_not_broken_even_if_nothing_is_known_of_the_past(
    publish: Publish, database: Database, settings: Settings
) -> None:
    publish(handover("steps"), page("calls"))
    before = building.current(database, settings)
    with database.read() as connection:
        known = service.links(connection, before)
    publish(handover("steps", "more"), page("calls"))
    assert service.broken(known, before, building.current(database, settings)) == []


def test_a_list_tells_uses_and_ends() -> None:
    used = Link("old/", "", "Fairs", "removed", 1_234, "2026-11")
    assert terminal.listed([used, Link("p/a/", "a/", "A", uses=1, last="2026-10")]).splitlines() == [
        "old/  “Fairs” (the page was removed)  1,234 uses, last in 2026-11",
        "p/a/  a/  1 use, last in 2026-10",
    ]
    assert terminal.listed([Link("p/home/", "", "Home")]) == "p/home/  the home page"
    assert terminal.told([Broken(used, "unknown")]).startswith("1 link breaks:\nold/  leads nowhere  1,234 uses")
    assert terminal.told([]) == "No link breaks."


def test_what_a_page_was_called_commands_no_terminal() -> None:
    hostile = Link("old/", "", "Fairs\x1b]0;mine\x07\n\u202e", "removed")
    assert terminal.listed([hostile]) == "old/  “Fairs\ufffd]0;mine\ufffd\ufffd\ufffd” (the page was removed)"
    assert "\x1b" not in terminal.told([Broken(Link("old/#\x1b[2J", "", ""), "unknown")])


@pytest.mark.slow
def test_a_branch_is_asked_before_it_is_merged(tmp_path: Path) -> None:
    home = tmp_path / "wiki"
    past = Past(home)
    (home / "mkdocs.yml").write_text("site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\n")
    past.commit(index="---\nid: home\n---\n# Home\n", fairs="---\nid: fairs\n---\n# Fairs\n\nThe banner.\n")
    past.git("checkout", "-q", "-b", "moved")
    past.commit(fairs=None, events__fairs="---\nid: fairs\n---\n# Fairs\n\nThe banner.\n")
    past.git("checkout", "-q", "-b", "removed", "main")
    past.commit(fairs=None)
    past.git("checkout", "-q", "main")

    def run(*words: str) -> tuple[int, str]:
        command = [*KB, *words, "-f", str(home / "mkdocs.yml")]
        environment = os.environ | {"KB_DATA_DIR": str(tmp_path / "data")}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + (done.stderr if done.returncode else "")

    assert run("publish")[0] == 0
    links = [link["address"] for link in json.loads(run("links", "--json")[1])]
    assert links == ["go/fairs/", "go/home/", "p/fairs/", "p/home/", "p/search-results/"]
    assert run("links", "--branch", "moved") == (0, "No link breaks.\n")
    code, said = run("links", "--branch", "removed")
    assert code == 1
    assert "p/fairs/  the page was removed" in said
    assert "\nfairs/  the page was removed" in said
    assert past.git("worktree", "list").count("\n") == 0
    code, said = run("links", "--branch", "--upload-pack=x")
    assert code == 2
    assert said.startswith("kb: There is no branch or commit '--upload-pack=x' here. `git branch --all` lists those")


@pytest.mark.slow
def test_a_committed_file_carries_the_past_to_a_clone_that_lacks_it(tmp_path: Path) -> None:
    past = Past(tmp_path / "wiki")
    (past.folder / "mkdocs.yml").write_text(
        "site_name: A\ntheme: {name: material, font: false}\nplugins: [search, kb]\n"
    )
    page = "---\nid: a\n---\n# Handing over\n\nThree lines on what was promised, by whom and until when.\n"
    past.commit(index="# Home\n", old=page)
    past.commit(old=None, new=page)

    def run(home: Path, *words: str) -> str:
        environment = os.environ | {"KB_DATA_DIR": str(tmp_path / f"{home.name}-data")}
        command = [*KB, *words, "-f", str(home / "mkdocs.yml")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    run(past.folder, "publish")
    assert "All of the past is known" in run(past.folder, "history", "--write")
    past.git("add", "history.json")
    past.commit("Carry the past")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", past.folder.as_uri(), str(clone)], check=True)
    run(clone, "publish")
    assert "\nold/" in "\n" + run(clone, "links")
    assert "Nothing is known before" in run(clone, "history")
