"""A list and a mail say whom a text means by their names, as conversations do."""

from __future__ import annotations

from datetime import UTC, datetime

from by_hand import ROSTER
from notifications.telling import ask, mails, part
from postbox import Postbox
from talking import As, Person

from kb_server.accounts import administration
from kb_server.db import Database
from kb_server.holdings import HELD
from kb_server.notifications.service import Teller
from kb_server.people.roster import from_data

SAYS = "Does @sam know, or @success? Not sam@example.com, @nobody or <@Sam>"
MEANT = "Does @Sam know, or @Customer Success? Not sam@example.com, @nobody or <@Sam>"


def test_a_mail_gives_the_names_of_people_and_teams(teller: Teller, postbox: Postbox, otto: Person) -> None:
    ask(otto, SAYS)
    mail = next(one for one in mails(teller, postbox) if one["To"] == "sam@example.com")
    assert f"> {MEANT}" in part(mail, "plain")
    assert MEANT.replace("<", "&lt;").replace(">", "&gt;") in part(mail, "html")


def test_a_card_gives_them_marked_as_in_the_conversation(sam: Person, otto: Person) -> None:
    ask(otto, SAYS)
    shown = sam.get("/waiting/").text
    assert 'Does <b class="kb-mention">@<bdi>Sam</bdi></b> know, or' in shown
    assert '<b class="kb-mention">@<bdi>Customer Success</bdi></b>? Not sam@example.com, @nobody or &lt;' in shown
    assert "Question: Does @Sam know, or @Customer Success?" in shown


def test_a_name_that_has_gone_is_said_by_nobody(somebody: As, sam: Person, otto: Person, database: Database) -> None:
    somebody("mia")
    ask(otto, "Does @mia know, and @lee?")
    with database.transaction() as connection:
        administration.erase(connection, from_data(ROSTER), "mia", HELD, datetime.now(UTC))
    shown = sam.get("/waiting/").text
    assert "@somebody know, and" in shown
    assert "@<bdi>Lee</bdi>" in shown
    assert "mia" not in shown.lower()
