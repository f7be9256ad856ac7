"""Who is who: a person may be spoken of before they come, and what is proved leads to one person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from by_hand import ROSTER
from sqlalchemy.exc import IntegrityError

from kb_server.activity.storage import events_after
from kb_server.db import Database
from kb_server.errors import NotFound
from kb_server.people import memberships, names, service, storage
from kb_server.people.models import EMAIL, LOCAL, PROXY, Membership, Person, Proven
from kb_server.people.roster import Roster, from_data

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PROVIDER = "https://login.example.com"
US = from_data(ROSTER)


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.transaction() as connection:
        yield connection


def come(connection: sa.Connection, issuer: str, subject: str, roster: Roster = US, **proven: Any) -> Person:  # noqa: ANN401
    return service.known_as(connection, Proven(issuer, subject, **proven), roster, NOW)


@pytest.mark.parametrize(
    ("issuer", "subject"), [(LOCAL, "sam"), (EMAIL, "sam@example.com"), (PROXY, "sam"), (PROVIDER, "248289")]
)
def test_who_was_mentioned_before_they_came_is_the_same_person(
    connection: sa.Connection, issuer: str, subject: str
) -> None:
    mentioned = service.person_for(connection, "sam", US, NOW)
    assert (mentioned.name, mentioned.handle) == ("Sam", "sam")
    assert service.person_for(connection, "sam", US, NOW) == mentioned
    assert come(connection, issuer, subject, name="Sam", handle="sam").id == mentioned.id
    assert storage.identities_of(connection, mentioned.id) == [(issuer, subject)]


def test_somebody_whom_the_teams_file_does_not_name_cannot_be_spoken_of(connection: sa.Connection) -> None:
    with pytest.raises(NotFound):
        service.person_for(connection, "nobody", US, NOW)


def test_two_proofs_of_one_handle_lead_to_one_person_and_two_without_to_two(connection: sa.Connection) -> None:
    by_mail = come(connection, EMAIL, "sam@example.com", name="Sam", handle="sam")
    assert come(connection, PROVIDER, "248289", name="Sam", handle="sam").id == by_mail.id
    assert come(connection, PROVIDER, "666", name="Sam", email="sam@example.com").id != by_mail.id


def test_who_came_by_mail_before_the_teams_file_named_them_is_the_same_person(connection: sa.Connection) -> None:
    early = come(connection, EMAIL, "nia@example.com", name="Nia")
    people = ROSTER["people"] | {"nia": {"name": "Nia B", "email": "Nia@example.com", "sign_in": "", "teams": []}}
    later = from_data(ROSTER | {"people": people})
    assert service.person_for(connection, "nia", later, NOW).id == early.id
    assert service.person_for(connection, "nia", later, NOW).handle == "nia"


def test_whom_a_provider_knows_under_that_address_is_not(connection: sa.Connection) -> None:
    early = come(connection, PROVIDER, "666", name="Nia", email="nia@example.com")
    people = ROSTER["people"] | {"nia": {"name": "Nia B", "email": "nia@example.com", "sign_in": "", "teams": []}}
    assert service.person_for(connection, "nia", from_data(ROSTER | {"people": people}), NOW).id != early.id


def test_a_proof_of_a_handle_counts_more_than_what_was_known_before(connection: sa.Connection) -> None:
    stranger = come(connection, PROVIDER, "248289", name="S.")
    sam = service.person_for(connection, "sam", US, NOW)
    assert come(connection, PROVIDER, "248289", name="Sam", handle="sam").id == sam.id
    assert storage.identities_of(connection, stranger.id) == []


def test_no_two_people_have_one_handle(connection: sa.Connection) -> None:
    service.person_for(connection, "sam", US, NOW)
    with pytest.raises(IntegrityError), connection.begin_nested():
        storage.add_people(connection, [Person("p_other", "Sam", handle="sam")], "2026-11-22T00:00:00Z")


def test_a_name_nobody_gives_again_stays(connection: sa.Connection) -> None:
    come(connection, PROVIDER, "248289", name="Sam", email="sam@example.com")
    again = come(connection, PROVIDER, "248289")
    assert (again.name, again.email) == ("Sam", "sam@example.com")


def test_the_log_holds_ids_and_no_names(connection: sa.Connection) -> None:
    come(connection, PROVIDER, "248289", name="Sam Somebody", email="sam@example.com")
    said = str(events_after(connection, 0))
    assert "person.added" in said
    assert not [word for word in ("Sam", "example", "248289") if word in said]


def test_what_was_given_by_a_provider_goes_and_what_a_liaison_confirmed_stays(connection: sa.Connection) -> None:
    person = come(connection, PROVIDER, "248289", name="Sam", teams=frozenset({"sales", "success", "gone"}))
    assert teams(connection, person) == {"sales", "success"}
    storage.add_membership(connection, Membership(person.id, "marketing", confirmed=True), "2026-11-22T00:00:00Z")
    come(connection, PROVIDER, "248289", teams=frozenset({"success", "marketing"}))
    assert teams(connection, person) == {"success", "marketing"}
    come(connection, PROVIDER, "248289", teams=frozenset())
    assert teams(connection, person) == {"marketing"}
    come(connection, PROVIDER, "248289")
    assert teams(connection, person) == {"marketing"}


def test_what_somebody_asked_for_is_theirs_when_the_provider_gives_it(connection: sa.Connection) -> None:
    person = come(connection, PROVIDER, "248289", name="Sam")
    memberships.ask(connection, service.actor_of(connection, person, US), "sales", US, NOW)
    assert teams(connection, person) == set()
    come(connection, PROVIDER, "248289", teams=frozenset({"sales"}))
    assert teams(connection, person) == {"sales"}


def teams(connection: sa.Connection, person: Person) -> frozenset[str]:
    return service.teams_of(person, storage.memberships_of(connection, person.id), US)


def test_a_team_that_is_dissolved_is_nobodys(connection: sa.Connection) -> None:
    person = come(connection, PROVIDER, "248289", name="Sam", teams=frozenset({"sales"}))
    less = from_data(ROSTER | {"teams": {}, "people": {}})
    assert service.actor_of(connection, person, less).teams == frozenset()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Nia\n\tBerg ", "Nia Berg"),
        ("Nia\u202eadA", "NiaadA"),
        ("A\u0301da", "\xc1da"),
        ("N\u200bi\u200da", "Nia"),
        ("\0\x07", ""),
        ("\u3000", ""),
        ("x" * 300, "x" * 80),
        ("Ni\ud800a", "Nia"),
    ],
    ids=ascii,
)
def test_a_name_is_one_line_without_what_cannot_be_seen(given: str, shown: str) -> None:
    assert names.clean(given) == shown


@pytest.mark.parametrize(
    ("email", "name"),
    [("nia.berg@example.com", "Nia Berg"), ("nia_b-c+wiki@example.com", "Nia B C"), ("._@example.com", ".")],
)
def test_of_an_address_a_name_is_made(email: str, name: str) -> None:
    assert names.of_address(email) == name
