"""What an operator sees of the mail that waits: in `/readyz`, in `kb doctor`, in `kb mail`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from notifications.telling import ask, mails
from postbox import Postbox
from talking import Person

from kb_server.builds.service import published_ids
from kb_server.notifications import service, terminal
from kb_server.notifications.outbox import outbox
from kb_server.notifications.service import Teller
from kb_server.upkeep.doctor import examine
from kb_server.upkeep.models import State


def give_up(teller: Teller, person: Person) -> None:
    with Postbox(refusing=("sam@example.com",)) as box:
        ask(person)
        teller.take_in()
        replace(teller, settings=replace(teller.settings, mail_url=box.url)).send_due()


def test_where_all_mail_went_out_nothing_is_said(
    client: FlaskClient, teller: Teller, postbox: Postbox, otto: Person
) -> None:
    ask(otto)
    assert len(mails(teller, postbox)) == 1
    assert client.get("/readyz").json["notes"] == []
    assert terminal.report(service.queued(teller.database), None) == "No mail waits."


def test_what_was_given_up_is_a_note_and_no_reason_to_take_the_server_out(
    client: FlaskClient, teller: Teller, otto: Person
) -> None:
    give_up(teller, otto)
    answer = client.get("/readyz").json
    assert answer["status"] == "ready"
    assert answer["notes"] == ["1 message could not be sent."]


def test_mail_that_nobody_takes_is_noticed_after_a_quarter_of_an_hour(
    client: FlaskClient, teller: Teller, otto: Person
) -> None:
    ask(otto)
    teller.take_in()
    assert client.get("/readyz").json["notes"] == []
    long_ago = f"{datetime.now(UTC) - timedelta(minutes=16):%Y-%m-%dT%H:%M:%SZ}"
    with teller.database.transaction() as connection:
        connection.execute(outbox.update().values(due_at=long_ago))
    assert client.get("/readyz").json["notes"] == [f"1 message should have been sent, the first at {long_ago}."]


def test_the_doctor_names_it_with_what_to_do(teller: Teller, otto: Person) -> None:
    give_up(teller, otto)
    found = examine(teller.settings, published_ids, mail=lambda store: service.troubles(store, teller.settings))
    (check,) = [one for one in found if one.name == "mail"]
    assert check.state is State.ATTENTION
    assert "kb mail" in check.remedy


def test_a_mail_server_without_an_address_of_the_wiki_is_named(teller: Teller) -> None:
    (said,) = service.troubles(teller.database, replace(teller.settings, base_url=""))
    assert "KB_BASE_URL" in said


def test_the_list_names_nobody(teller: Teller, otto: Person) -> None:
    give_up(teller, otto)
    queued = service.queued(teller.database)
    for shown in (terminal.report(queued, 1), terminal.as_json(queued)):
        assert "550" in shown
        assert "@" not in shown
        assert "Sam" not in shown
    assert json.loads(terminal.as_json(queued))[0]["state"] == "dead"
