"""Whoever began a conversation, and whoever sees to its page, learn once that its passage is gone."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from by_hand import page
from notifications.telling import mails, part, to_whom
from postbox import Postbox
from talking import CALLS, As, Person, handing

from kb_server.notifications.service import Teller

Publish = Callable[..., str]
HOME, WITHOUT = page("home", url=""), handing("Somebody calls the same day.")


@pytest.fixture(autouse=True)
def _looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb_server.web.site.LOOK_EVERY", 0)


@pytest.fixture
def others(somebody: As) -> tuple[Person, Person]:
    """Lee, whose page it is, and Mia, whose it is not."""
    return somebody("lee"), somebody("mia")


@pytest.fixture
def sent(teller: Teller, postbox: Postbox) -> Callable[[], list[EmailMessage]]:
    """What mail goes out now."""
    return lambda: mails(teller, postbox)


@pytest.fixture
def thread(otto: Person, sent: Callable[[], list[EmailMessage]]) -> str:
    """The address of Otto's conversation about a passage of Lee's page, of which Lee has had mail."""
    address = otto.start("Also at Easter?", section="when", exact="within one working day")[0]
    assert to_whom(sent()) == ["lee"]
    return address


def gone(person: Person) -> list[str]:
    waiting = person.get("/api/v1/waiting").json["waiting"]
    return [one["text"] for one in waiting if one["reason"] == "gone"]


def test_author_and_owner_learn_once_that_a_passage_is_gone_and_say_where_it_belongs(
    publish: Publish, sent: Callable[[], list[EmailMessage]], others: tuple[Person, Person], otto: Person, thread: str
) -> None:
    lee, mia = others
    publish(HOME, WITHOUT)
    mail = sent()
    assert to_whom(mail) == ["lee", "otto"]
    assert (
        " ".join(mail[0]["Subject"].split()) == "The text a conversation was about is gone from Handing a lead to Sales"
    )
    assert "Also at Easter?" in part(mail[0], "plain")
    assert (gone(otto), gone(lee), gone(mia)) == (["Also at Easter?"], ["Also at Easter?"], [])
    card = otto.get("/waiting/").text
    assert f'href="/handing/#attach={thread.split("/")[2]}"' in card
    assert "mark the words" in card
    publish(HOME, handing("Nobody calls any more."))
    assert sent() == []
    assert otto.post(f"{thread}attach/", section="when", exact="Nobody calls").status_code == 303
    assert gone(otto) == gone(lee) == []


def test_a_passage_that_comes_back_waits_for_nobody(publish: Publish, otto: Person, thread: str) -> None:
    assert thread
    publish(HOME, WITHOUT)
    assert gone(otto)
    publish(HOME, handing(CALLS))
    assert gone(otto) == []


def test_whose_page_is_removed_learns_of_what_was_said_there(
    publish: Publish, somebody: As, otto: Person, thread: str
) -> None:
    publish(HOME)
    assert gone(somebody("lee")) == gone(otto) == ["Also at Easter?"]
    assert f'href="/t/{thread.split("/")[2]}/attach/"' in otto.get("/waiting/").text


def test_what_is_settled_asks_nobody_where_it_belongs(
    publish: Publish, somebody: As, otto: Person, thread: str
) -> None:
    lee = somebody("lee")
    lee.post(f"{thread}settle/", reason="It says so now")
    publish(HOME, WITHOUT)
    assert gone(lee) == gone(otto) == []
