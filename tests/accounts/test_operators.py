"""`kb people`: see, invite, link, sign out, export and forget people, from a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from by_hand import ROSTER
from click.testing import CliRunner
from flask.testing import FlaskClient
from signing import OURS, Wiki, secret_of, sign_in, who

from kb_server import holdings
from kb_server.accounts.routes import answers
from kb_server.cli import people as commands
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.errors import KbError
from kb_server.holdings import HELD
from kb_server.people import privacy, storage
from kb_server.people.roster import Roster, from_data

MAILED = {"auth": "email", "base_url": "http://localhost/"}
Kb = Callable[..., str]


@pytest.fixture
def kb(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Kb:
    """Run `kb people …`; gives what it prints."""

    @contextmanager
    def opened(_file: str | None) -> Iterator[tuple[Settings, Database, Roster]]:
        yield replace(settings, **MAILED), database, from_data(ROSTER)  # type: ignore[arg-type]

    monkeypatch.setattr(commands, "wiki", opened)

    def run(*words: str, **options: str) -> str:
        done = CliRunner().invoke(commands.people, words, catch_exceptions=False, **options)  # type: ignore[arg-type]
        assert done.exit_code == 0, done.output
        return done.output.strip()

    return run


def accept(client: FlaskClient, link: str) -> int:
    return client.post(link.removeprefix("http://localhost"), headers=OURS).status_code


def test_an_invitation_signs_in_once_whoever_has_it(kb: Kb, wiki: Wiki, database: Database) -> None:
    link = kb("invite", "nia@example.org", "--name", "Nia\u202e Berg")
    client = wiki(**MAILED)
    page = client.get(link.removeprefix("http://localhost"))
    assert "Welcome" in page.text
    assert "Nia Berg" in page.text
    assert not secret_of(client)
    assert accept(client, link) == 303
    nia = who(client, database)
    assert nia
    assert nia.name == "Nia Berg"
    other = wiki(**MAILED)
    assert accept(other, link) == 404
    assert "no longer works" in other.get(link.removeprefix("http://localhost")).text


def test_an_invitation_works_for_a_week_and_until_the_next(kb: Kb, wiki: Wiki, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = kb("invite", "sam"), kb("invite", "sam")
    client = wiki(**MAILED)
    assert accept(client, first) == 404
    soon = answers.now
    monkeypatch.setattr(answers, "now", lambda: soon().replace(year=soon().year + 1))
    assert accept(client, second) == 404
    monkeypatch.setattr(answers, "now", soon)
    assert accept(client, second) == 303


@pytest.mark.slow
@pytest.mark.parametrize("secret", ["x", "", "%00", "..", "a" * 5000])
def test_what_is_no_invitation_signs_nobody_in(wiki: Wiki, secret: str) -> None:
    client = wiki(**MAILED)
    assert client.post(f"/sign-in/invitation/{secret}/", headers=OURS).status_code in {404, 405}
    assert not secret_of(client)


def test_people_are_invited_only_where_they_sign_in_by_mail(wiki: Wiki, kb: Kb) -> None:
    link = kb("invite", "sam")
    assert accept(wiki(), link) == 404


def test_whom_an_invitation_is_for_keeps_their_account_when_they_sign_in_by_mail(
    kb: Kb, stored: Callable[[], str]
) -> None:
    kb("invite", "sam@example.com")
    kb("invite", "SAM@example.com")
    kb("invite", "sam")
    assert stored().count("people: ") == 1


def test_everybody_is_listed_with_what_they_are(kb: Kb, wiki: Wiki) -> None:
    sign_in(wiki(), "sam")
    kb("invite", "nia@example.org")
    assert re.search(r"^p_\w{16}  sam  Sam  sam@example\.com  sales$", kb("list"), re.MULTILINE)
    rows = {row["name"]: row for row in json.loads(kb("list", "--json"))}
    assert (rows["Sam"]["teams"], rows["Sam"]["has_been_here"]) == (["sales"], True)
    assert rows["Nia"]["handle"] == ""


@pytest.mark.parametrize("name", ["sam", "sam@example.com", "SAM@Example.com"])
def test_somebody_is_named_by_handle_or_address(kb: Kb, name: str) -> None:
    assert json.loads(kb("export", name))["account"]["handle"] == "sam"


def test_somebody_nobody_knows_is_said_so(kb: Kb) -> None:
    with pytest.raises(KbError, match="Nobody here is boss"):
        kb("export", "boss")


def test_a_person_is_forgotten_but_for_the_id(
    kb: Kb, wiki: Wiki, database: Database, stored: Callable[[], str]
) -> None:
    client, mia = wiki(), wiki()
    sign_in(client, "sam")
    sign_in(mia, "mia")
    token = client.post("/account/tokens/", data={"name": "Sams", "scope": "read", "days": "30"}, headers=OURS)
    assert "kbt_" in token.text
    client.post("/account/teams/ask/", data={"team": "success"}, headers=OURS)
    sam = who(client, database)
    assert sam
    kb("invite", "sam")

    assert "teams.yml" in kb("erase", "sam", "--yes")
    kept = stored()
    assert not [word for word in ("Sam", "'sam'", "sam@example.com") if word in kept]
    assert f"people: ('{sam.id}', '', '', ''" in kept
    assert f"identities: ('local', 'mia', '{mia_id(mia, database)}')" in kept
    left = [line.partition(":")[0] for line in kept.splitlines() if sam.id in line]
    assert set(left) == {"people", "activity"}
    assert who(client, database) is None
    assert who(mia, database)

    sign_in(client, "sam")
    again = who(client, database)
    assert again
    assert again.id != sam.id


def mia_id(client: FlaskClient, database: Database) -> str:
    mia = who(client, database)
    assert mia
    return mia.id


def test_nobody_is_forgotten_without_being_asked_about(kb: Kb, stored: Callable[[], str]) -> None:
    kb("invite", "sam")
    with pytest.raises(AssertionError, match="Aborted"):
        kb("erase", "sam", input="n\n")
    assert "sam@example.com" in stored()


def test_a_providers_subject_is_linked_to_somebody(kb: Kb, database: Database) -> None:
    kb("link", "sam", "https://login.example.com", "248289")
    with database.read() as connection:
        person = storage.person_by_identity(connection, "https://login.example.com", "248289")
    assert person
    assert person.handle == "sam"
    with pytest.raises(KbError, match="already"):
        kb("link", "sam", "https://login.example.com", "248289")


def test_who_leaves_is_signed_out_everywhere(kb: Kb, wiki: Wiki, database: Database) -> None:
    laptop, phone = wiki(), wiki()
    sign_in(laptop, "sam")
    sign_in(phone, "sam")
    assert "nowhere" in kb("sign-out", "sam")
    assert (who(laptop, database), who(phone, database)) == (None, None)


def test_who_leaves_cannot_come_back_by_an_invitation_nobody_has_used(kb: Kb, wiki: Wiki) -> None:
    link = kb("invite", "sam")
    kb("sign-out", "sam")
    assert accept(wiki(**MAILED), link) == 404


def test_what_a_feature_holds_is_shown_and_forgotten_with_the_rest(kb: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten = []
    notes = privacy.Holding("notes", lambda *_: ["a note"], lambda _connection, person: forgotten.append(person.handle))
    monkeypatch.setattr(holdings, "HELD", (notes, *HELD))
    assert json.loads(kb("export", "sam"))["notes"] == ["a note"]
    kb("erase", "sam", "--yes")
    assert forgotten == ["sam"]
