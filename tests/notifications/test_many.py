"""A whole company is told as easily as one person, and a line that makes no sense keeps nobody from being told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from counting import counted
from notifications.telling import ask, mails, owned, part, to_whom
from postbox import Postbox
from talking import Person

from kb_server.notifications import following, storage, whom
from kb_server.notifications.models import Wiki
from kb_server.notifications.service import Teller
from kb_server.people import storage as people
from kb_server.people.roster import Listed


def with_many(teller: Teller, count: int) -> Teller:
    """What tells people where Sales has so many members more."""
    wiki = teller.wiki()
    many = {f"m{number}": Listed(f"m{number}", f"M {number}", "", "", ("sales",)) for number in range(count)}
    larger = Wiki(replace(wiki.roster, people={**wiki.roster.people, **many}), wiki.pages)
    return replace(teller, wiki=lambda: larger)


def statements(teller: Teller) -> list[str]:
    with counted(teller.database) as said:
        teller.take_in()
    return said


def test_a_large_team_is_told_by_as_few_statements_as_a_small_one(teller: Teller, otto: Person) -> None:
    counts = []
    for count in (3, 400):
        ask(otto, f"@sales, {count} of you")
        counts.append(len(statements(with_many(teller, count))))
    assert counts[1] <= counts[0]
    with teller.database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(storage.waiting)) == 2 * 2 + 3 + 400


def test_whoever_reads_waits_for_a_part_of_much_that_is_new(
    teller: Teller, otto: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "AT_ONCE", 1)
    for number in range(3):
        ask(otto, f"@sales {number}")
    first = teller.take_in(seconds=0)
    assert 0 < first < first + teller.take_in()


def test_who_wants_to_say_something_waits_for_few_who_are_told(
    teller: Teller, otto: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MANY", 4)
    for number in range(3):
        ask(otto, f"@sales {number}")
    teller.take_in()
    for number in range(3):
        ask(otto, f"@sales, again {number}")
    taking = following.Taking(teller.wiki(), teller.sources, has_mail=True)
    parts = []
    while taken := following.take_in(teller.database, taking, datetime.now(UTC)):
        parts.append(taken)
    assert parts == [2, 1]


def test_whoever_is_being_answered_goes_first_unless_much_waits_to_be_told(
    teller: Teller, otto: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "BEHIND", 6)
    ask(otto, "@sales, the first of many")
    teller.take_in()
    taking = following.Taking(teller.wiki(), teller.sources, has_mail=True, is_busy=lambda: True)
    for count, at_a_time in ((3, [1, 1, 1]), (6, [6])):
        for number in range(count):
            ask(otto, f"@sales, {number} of {count}")
        parts = []
        while taken := following.take_in(teller.database, taking, datetime.now(UTC)):
            parts.append(taken)
        assert parts == at_a_time


def test_what_is_new_is_told_when_somebody_has_been_answered(teller: Teller, otto: Person) -> None:
    ask(otto, "@sales, are you there?")
    answered = iter([True, True, False])
    assert replace(teller, is_busy=lambda: next(answered, False)).take_in()
    assert next(answered, None) is None


def test_a_line_that_makes_no_sense_keeps_nobody_from_being_told(
    teller: Teller, postbox: Postbox, otto: Person, caplog: pytest.LogCaptureFixture
) -> None:
    ask(otto, "Before it")
    with teller.database.transaction() as connection:
        line = "SELECT max(seq) + 1, max(at), 'p_x', 'comment.posted', 'c_x', '{\"thread\": \"th_x\"}' FROM activity"
        connection.exec_driver_sql(f"INSERT INTO activity (seq, at, actor, verb, subject, data) {line}")
        connection.exec_driver_sql("UPDATE counters SET value = value + 1 WHERE name = 'activity'")
    ask(otto, "Behind it")
    assert to_whom(mails(teller, postbox)) == ["sam", "sam"]
    assert "was passed over" in caplog.text


def test_who_is_called_over_and_over_gets_few_mails_and_loses_none(
    teller: Teller, postbox: Postbox, sam: Person, otto: Person
) -> None:
    calm = replace(teller, settings=replace(teller.settings, mails_per_hour=2))
    now = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
    for number in range(5):
        ask(otto, f"@sam number {number}", page="free")  # which Mia sees to
    calm.take_in(now)
    assert calm.send_due(now=now) == 4
    assert sorted(to_whom([postbox.next() for _ in range(4)])) == ["mia", "mia", "sam", "sam"]
    assert sam.get("/api/v1/waiting").json["count"] == 5
    assert calm.send_due(now=now + timedelta(minutes=10)) == 0
    assert calm.send_due(now=now + timedelta(minutes=20)) == 2
    (last,) = (mail for mail in (postbox.next(), postbox.next()) if mail["To"] == "sam@example.com")
    assert [f"number {number}" in part(last, "plain") for number in range(5)] == [False, False, True, True, True]
    assert calm.send_due(now=now + timedelta(hours=2)) == 0


def test_what_is_said_on_a_page_that_is_nobodys_waits_for_somebody(teller: Teller) -> None:
    wiki = Wiki(teller.wiki().roster, {"lost": owned("lost", "long-gone")})
    assert seeing_to("lost", teller, wiki) == {"lee", "vera"}
    alone = replace(wiki.roster, teams={key: replace(one, liaisons=()) for key, one in wiki.roster.teams.items()})
    assert seeing_to("lost", teller, Wiki(alone, wiki.pages)) == {"ada"}


def seeing_to(page: str, teller: Teller, wiki: Wiki) -> set[str]:
    with teller.database.transaction() as connection:
        found = people.people_by_id(connection, whom.owners(connection, wiki, page))
    return {person.handle for person in found.values()}
