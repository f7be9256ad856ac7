"""Whose merge cannot be built hears of it, and so does whoever runs the wiki: once, with what is to be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from following.conftest import Hub
from notifications.telling import ask, mails, part
from postbox import Postbox
from stores import on_alone
from talking import browsers

from kb_server.app import TELLER, create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.following.service import Follower

pytestmark = [pytest.mark.slow, on_alone("sqlite")]
HOME = "---\nkb_shell: home\n---\n# Home\n\nWelcome.\n"
BROKEN = "# Home\n\n[Nowhere](nowhere.md)\n"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox() as box:
        yield box


@pytest.fixture
def settings(settings: Settings, postbox: Postbox) -> Settings:
    mail = {"mail_url": postbox.url, "mail_from": "Common Ground <wiki@example.com>", "base_url": "http://localhost"}
    return replace(settings, **mail)


def test_a_merge_that_cannot_be_built_is_told_to_its_author_and_the_operator_until_it_is_mended(
    hub: Hub, follower: Follower, database: Database, settings: Settings, postbox: Postbox
) -> None:
    hub.push(index=HOME, guide="---\nid: guide\n---\n# Guide\n\nWho does what.\n")
    assert follower.look()
    app = create_app(settings, database)
    somebody, teller = browsers(app), app.extensions[TELLER]
    assert "live since" in somebody("ada").get("/").text
    ask(somebody("mia"), "@sam, is this still right?", page="guide")
    mails(teller, postbox)
    commit = hub.push("Link to what is not there", index=BROKEN)
    assert not follower.look()
    assert not Follower(database, settings, lambda: False).look()  # started anew, it tries again and tells nobody
    to_ada, to_sam = mails(teller, postbox)
    assert to_ada["Subject"] == "A change by Sam Ode cannot be published: Link to what is not there"
    assert to_sam["Subject"] == "Your change cannot be published: Link to what is not there"
    for mail in (to_ada, to_sam):
        assert commit[:10] in part(mail, "plain")
        assert "'nowhere.md'" in part(mail, "plain")
        assert "take the change back" in part(mail, "plain")
        assert "Look at it: http://localhost/waiting/" in part(mail, "plain")  # nobody is asked anything
        assert str(settings.data_dir) not in part(mail, "plain")
        assert "The build stopped, see above" not in part(mail, "plain")
    for who in ("sam", "ada"):
        waiting = somebody(who).get("/waiting/").text
        assert "nowhere.md" in waiting
        assert "take the change back" in waiting
    waiting, home = (somebody("sam").get(at).text for at in ("/waiting/", "/"))
    assert waiting.index("nowhere.md") < waiting.index("still right?")  # before it is mended, nothing goes live
    told = "Your change cannot be published: Link to what is not there"
    assert home.index(told) < home.index("still right?")
    assert "Link to what is not there" not in somebody("mia").get("/waiting/").text
    assert "Welcome." in somebody("sam").get("/").text
    ready = somebody().get("/readyz").json
    assert ready["status"] == "degraded"
    assert "cannot be built" in ready["problems"][0]
    assert "cannot be built" in somebody("ada").get("/").text
    for asked in ("nowhere", "Link to what is not there", "kind:merge"):
        assert "cannot be built" not in somebody("sam").get("/search/", query_string={"q": asked}).text
    hub.push("Another one", index=f"{BROKEN}\nMore.\n")
    assert not follower.look()
    waiting = somebody("sam").get("/waiting/").text
    assert "Another one" in waiting  # in the place of the first
    assert "Link to what is not there" not in waiting
    assert [mail["To"] for mail in mails(teller, postbox)] == ["ada@example.com", "sam@example.com"]
    hub.push("Mend it", index=HOME.replace("Welcome", "Mended"))
    assert follower.look()
    assert mails(teller, postbox) == []
    assert "nowhere.md" not in somebody("sam").get("/waiting/").text
    assert somebody().get("/readyz").json["status"] == "ready"
    assert "Mended." in somebody("sam").get("/").text
