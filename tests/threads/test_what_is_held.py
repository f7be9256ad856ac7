"""What conversations hold about a person is theirs to have, and goes when they go, but for what others need."""

from __future__ import annotations

from datetime import UTC, datetime

from talking import TALK, Person, log

from kb_server.db import Database
from kb_server.holdings import HELD
from kb_server.people import privacy, storage


def test_whoever_asks_gets_all_they_said(sam: Person, mia: Person, database: Database) -> None:
    thread, first = sam.start("Version one")
    sam.post(first, body="Version two", version="1")
    _, other = mia.start("Somebody else")
    sam.post(f"{other}agree/")
    sam.post(f"{thread}settle/", reason="It is two")
    sam.post(f"{other}flag/", reason="Not nice")
    with database.read() as connection:
        person = storage.person_by_handle(connection, "sam")
        assert person
        held = privacy.export(connection, person, HELD, datetime.now(UTC))["conversations"]
    (said,) = held["said"]
    assert (said["text"], said["before"][0]["text"]) == ("Version two", "Version one")
    assert [row["reason"] for row in held["settled"]] == ["It is two"]
    assert [row["comment"] for row in held["agrees_with"]] == [other.split("/")[3]]
    assert held["flagged"][0]["reason"] == "Not nice"


def test_of_whoever_goes_the_words_stay_and_the_name_does_not(sam: Person, mia: Person, database: Database) -> None:
    thread, first = sam.start("An answer others need")
    said = mia.say(thread, "Thank you, @sam! @lee too")
    mia.post(said, body="Thank you, @sam! @lee, @samuel too", version="1")
    sam.post(f"{said}flag/", reason="Too kind")
    other = mia.say(thread, "No more of @Sam here")
    mia.post(other, body="Nobody is named here now", version="1")
    with database.transaction() as connection:
        person = storage.person_by_handle(connection, "sam")
        assert person
        privacy.erase(connection, person, HELD, actor=person.id)
    text = mia.get(thread).text + mia.get(TALK).text + mia.get(said).text
    assert "An answer others need" in text
    assert "Somebody" in text
    assert "@somebody" in text
    assert "@samuel" in text
    assert ">Sam<" not in text
    with database.read() as connection:
        for table in ("comments", "comment_versions", "threads", "documents", "flags", "sendings"):
            rows = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all()).replace("@samuel", "")
            assert "@sam" not in rows.lower(), table
            assert "Too kind" not in rows, table
    assert mia.finds("thank lee") == [f"{thread[1:]}#{said.split('/')[3]}"]
    assert "sam" not in str(log(database)).replace("thread", "")
    assert first
