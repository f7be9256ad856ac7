"""Signing in with OpenID Connect, at a real provider over HTTP; and every answer that must not be believed."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from by_hand import ROSTER
from every import every
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from provider_server import CLIENT, Provider, User
from signing import Wiki, secret_of, who
from werkzeug.test import TestResponse

from kb_server.accounts.routes import answers
from kb_server.config import Groups
from kb_server.db import Database
from kb_server.people.roster import from_data

SAM = {"people": ROSTER["people"] | {"sam": ROSTER["people"]["sam"] | {"sign_in": "248289"}}}


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with Provider("http://localhost/sign-in/back/") as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Iterator[Provider]:
    """The provider, as it is when nobody has changed it."""
    usual = {name: value for name, value in vars(running).items() if not name.startswith("_")}
    for name, value in usual.items():
        setattr(running, name, value.copy() if isinstance(value, dict | list) else value)
    yield running
    vars(running).update(usual)


@pytest.fixture
def client(wiki: Wiki, provider: Provider) -> FlaskClient:
    return wiki(**provider.settings())


def out(client: FlaskClient, to: str = "/a/") -> str:
    """To the provider and through it; gives where it sends the browser."""
    gone = client.get("/sign-in/out/", query_string={"to": to})
    assert gone.status_code == 303, gone.text
    there = requests.get(gone.headers["Location"], allow_redirects=False, timeout=120)
    assert there.status_code == 302, there.text
    return there.headers["Location"]


def back(client: FlaskClient, address: str) -> TestResponse:
    return client.get(address.removeprefix("http://localhost"))


def sign_in(client: FlaskClient) -> TestResponse:
    return back(client, out(client))


def assert_refused(client: FlaskClient, answer: TestResponse, status: int = 403) -> None:
    assert answer.status_code == status
    assert not secret_of(client)


def test_the_way_out_and_back_signs_in_and_leads_on(
    client: FlaskClient, provider: Provider, database: Database
) -> None:
    assert "/sign-in/out/" in client.get("/sign-in/?to=/a/").text
    done = sign_in(client)
    assert (done.status_code, done.headers["Location"]) == (303, "/a/")
    actor = who(client, database)
    assert actor
    assert (actor.name, actor.handle, actor.teams) == ("Sam Somebody", "", frozenset())
    assert client.get_cookie(answers.ATTEMPT, path="/sign-in/") is None
    assert provider.asked


def test_the_same_subject_is_the_same_person(client: FlaskClient, provider: Provider, database: Database) -> None:
    sign_in(client)
    first = who(client, database)
    provider.user = User("248289", {"name": "Sam Newname"})
    sign_in(client)
    second = who(client, database)
    assert first
    assert second
    assert (first.id, second.name) == (second.id, "Sam Newname")


def test_whom_the_teams_file_names_by_subject_has_their_rights(
    wiki: Wiki, provider: Provider, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = wiki(**provider.settings())
    monkeypatch.setitem(ROSTER, "people", SAM["people"])
    serve_the_new_roster(client)
    sign_in(client)
    actor = who(client, database)
    assert actor
    assert (actor.name, actor.handle, actor.speaks_for) == ("Sam", "sam", {"sales"})


def serve_the_new_roster(client: FlaskClient) -> None:
    client.application.extensions["kb"].site.current().roster = from_data(ROSTER)


def test_an_address_alone_makes_nobody_somebody_else(
    client: FlaskClient, provider: Provider, database: Database, stored: Callable[[], str]
) -> None:
    provider.user = User("666", {"name": "Not Sam", "email": "sam@example.com", "email_verified": True})
    sign_in(client)
    actor = who(client, database)
    assert actor
    assert (actor.handle, actor.teams, actor.speaks_for) == ("", frozenset(), frozenset())
    provider.user = User("667", {"name": "Nor he", "email": "sam@example.com", "email_verified": True})
    sign_in(client)
    other = who(client, database)
    assert other
    assert other.id != actor.id
    assert stored().count("people: ") == 2


@pytest.mark.slow
@pytest.mark.parametrize("verified", [None, False, "true", 1])
def test_an_address_that_is_not_proved_is_not_kept(
    client: FlaskClient, provider: Provider, stored: Callable[[], str], verified: object
) -> None:
    provider.user = User("248289", {"name": "Sam", "email": "boss@example.com"})
    provider.claims["email_verified"] = verified
    assert sign_in(client).status_code == 303
    assert "boss@example.com" not in stored()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("claims", "admitted"),
    [
        ({"email": "sam@example.org", "email_verified": True}, True),
        ({"email": "sam@example.org", "email_verified": False}, False),
        ({"email": "sam@example.org"}, False),
        ({"email": "sam@elsewhere.com", "email_verified": True}, False),
        ({}, False),
    ],
)
def test_where_domains_are_named_only_a_proved_address_of_one_comes_in(
    wiki: Wiki, provider: Provider, claims: dict[str, Any], *, admitted: bool
) -> None:
    client = wiki(**provider.settings(), email_domains=("example.org",))
    provider.user = User("248289", {"name": "Sam"} | claims)
    assert sign_in(client).status_code == (303 if admitted else 403)
    assert bool(secret_of(client)) == admitted


# ── What must not be believed ─────────────────────────────────────────────


def test_without_the_state_nobody_is_signed_in(client: FlaskClient) -> None:
    address = out(client)
    code = parse_qs(urlsplit(address).query)["code"][0]
    assert_refused(client, back(client, f"/sign-in/back/?code={code}"))
    assert_refused(client, back(client, f"/sign-in/back/?code={code}&state="))
    assert_refused(client, back(client, f"/sign-in/back/?code={code}&state=%00%ED%A0%80"))
    assert back(client, address).status_code == 303


def test_an_answer_works_once(client: FlaskClient) -> None:
    address = out(client)
    attempt = client.get_cookie(answers.ATTEMPT, path="/sign-in/")
    assert attempt
    assert back(client, address).status_code == 303
    client.delete_cookie("kb_session")
    client.set_cookie(answers.ATTEMPT, attempt.value, path="/sign-in/")
    assert_refused(client, back(client, address))


def test_an_answer_to_another_browser_is_refused(wiki: Wiki, client: FlaskClient, provider: Provider) -> None:
    other = wiki(**provider.settings())
    out(other)
    for_somebody_else = out(client)
    assert_refused(other, back(other, for_somebody_else))
    nobody = wiki(**provider.settings())
    assert_refused(nobody, back(nobody, for_somebody_else))
    assert back(client, for_somebody_else).status_code == 303


def test_a_code_from_another_way_out_is_refused(client: FlaskClient) -> None:
    """PKCE: a code stolen from one browser cannot be brought home by another, though the state fits."""
    stolen = parse_qs(urlsplit(out(client)).query)["code"][0]
    mine = parse_qs(urlsplit(out(client)).query)["state"][0]
    assert_refused(client, back(client, f"/sign-in/back/?code={stolen}&state={mine}"))


def test_the_proof_of_pkce_is_never_sent_ahead(client: FlaskClient, provider: Provider) -> None:
    gone = client.get("/sign-in/out/").headers["Location"]
    asked = parse_qs(urlsplit(gone).query)
    assert asked["code_challenge_method"] == ["S256"]
    back(client, requests.get(gone, allow_redirects=False, timeout=120).headers["Location"])
    verifier = next(one for one in provider.asked if one != "keys")
    assert verifier not in gone
    assert len(verifier) >= 43


def none_at_all(header: dict[str, Any], claims: dict[str, Any]) -> str:
    def part(data: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    return f"{part(header | {'alg': 'none'})}.{part(claims)}."


def with_a_key_of_its_own(header: dict[str, Any], claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048, {"kid": "evil"})
    return str(jwt.encode(header | {"kid": "evil", "jwk": key.as_dict(private=False)}, claims, key, ["RS256"]))


def with_its_own_key_under_our_name(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return str(jwt.encode(header, claims, RSAKey.generate_key(2048), ["RS256"]))


def with_the_clients_secret(_header: dict[str, Any], claims: dict[str, Any]) -> str:
    return str(jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("hush-hush-hush"), ["HS256"]))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize(
    "sign", [none_at_all, with_a_key_of_its_own, with_its_own_key_under_our_name, with_the_clients_secret]
)
def test_a_token_the_provider_has_not_signed_is_refused(
    client: FlaskClient, provider: Provider, sign: Callable[..., str]
) -> None:
    provider.sign = sign
    provider.about["id_token_signing_alg_values_supported"] = ["RS256", "HS256", "none"]
    assert_refused(client, sign_in(client))


@pytest.mark.slow
@pytest.mark.parametrize(
    "header", [{"jwk": {"kty": "oct", "k": "AA"}}, {"jku": "https://evil.example"}, {"x5c": ["A"]}]
)
def test_a_key_that_comes_with_a_token_is_not_looked_at(
    client: FlaskClient, provider: Provider, header: dict[str, Any]
) -> None:
    provider.header |= header
    assert_refused(client, sign_in(client))


@pytest.mark.slow
@every(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": ["another-client"]},
        {"aud": [CLIENT, "another-client"]},
        {"aud": None},
        {"aud": ["another-client"], "azp": CLIENT},
        {"azp": "another-client"},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ""},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"at_hash": "another"},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": ["248289"]},
        {"sub": "a\0b"},
        {"sub": "x" * 300},
    ],
)
def test_a_token_for_somebody_or_something_else_is_refused(
    client: FlaskClient, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    assert_refused(client, sign_in(client))
    provider.claims = {}
    assert sign_in(client.application.test_client()).status_code == 303, "without these they are somebody"


def test_a_nonce_of_another_way_out_is_refused(client: FlaskClient, provider: Provider) -> None:
    replayed = parse_qs(urlsplit(client.get("/sign-in/out/").headers["Location"]).query)["nonce"][0]
    provider.claims["nonce"] = replayed
    assert_refused(client, sign_in(client))


def test_a_provider_that_calls_itself_otherwise_is_not_asked(client: FlaskClient, provider: Provider) -> None:
    provider.about["issuer"] = "https://evil.example"
    answer = client.get("/sign-in/out/")
    assert_refused(client, answer, 503)
    assert "does not answer" in answer.text


def test_an_answer_in_the_name_of_another_provider_is_refused(client: FlaskClient, provider: Provider) -> None:
    assert_refused(client, back(client, out(client) + "&iss=https://evil.example"))
    assert back(client, f"{out(client)}&iss={provider.issuer}").status_code == 303


def test_an_answer_without_a_name_is_refused_where_the_provider_promised_one(wiki: Wiki, provider: Provider) -> None:
    provider.about["authorization_response_iss_parameter_supported"] = True
    client = wiki(**provider.settings())
    assert_refused(client, sign_in(client))


def test_when_the_provider_says_no_the_page_says_so_and_the_way_is_open_again(client: FlaskClient) -> None:
    state = parse_qs(urlsplit(out(client)).query)["state"][0]
    answer = back(client, f"/sign-in/back/?error=access_denied&error_description=<script>&state={state}")
    assert_refused(client, answer)
    assert "<script>" not in answer.text
    assert sign_in(client).status_code == 303


def test_a_provider_that_is_away_is_said_so(wiki: Wiki, provider: Provider) -> None:
    answer = wiki(**provider.settings() | {"oidc_issuer": "http://127.0.0.1:9"}).get("/sign-in/out/")
    assert (answer.status_code, "does not answer" in answer.text) == (503, True)


def test_new_keys_of_the_provider_are_asked_for(client: FlaskClient, provider: Provider) -> None:
    sign_in(client)
    provider.key = provider.served = RSAKey.generate_key(2048, {"kid": "two"})
    assert sign_in(client).status_code == 303
    assert provider.asked.count("keys") == 2
    assert sign_in(client).status_code == 303
    assert provider.asked.count("keys") == 2


# ── Teams, and facts that do not stand in the token ───────────────────────


def test_the_providers_groups_are_teams_as_long_as_it_says_so(
    wiki: Wiki, provider: Provider, database: Database
) -> None:
    client = wiki(**provider.settings(), oidc_groups=Groups("roles", {"mkt-all": "marketing"}))

    def teams(*roles: object) -> frozenset[str]:
        provider.claims["roles"] = list(roles)
        assert sign_in(client).status_code == 303
        actor = who(client, database)
        assert actor
        return actor.teams

    assert teams("/sales", "MKT-ALL", "nowhere", 7, None) == {"sales", "marketing"}
    assert teams("Customer Success") == {"success"}
    provider.claims["roles"] = None
    sign_in(client)
    actor = who(client, database)
    assert actor
    assert actor.teams == frozenset()


def test_groups_mean_nothing_unless_the_operator_says_which(
    client: FlaskClient, provider: Provider, database: Database
) -> None:
    provider.claims["groups"] = ["sales"]
    sign_in(client)
    actor = who(client, database)
    assert actor
    assert actor.teams == frozenset()


def test_a_thin_token_is_completed_by_what_the_provider_tells_of_the_same_person(
    client: FlaskClient, provider: Provider, database: Database
) -> None:
    provider.user = User("248289", {})
    provider.facts = {"sub": "248289", "name": "Sam Told", "iss": "https://evil.example"}
    assert sign_in(client).status_code == 303
    actor = who(client, database)
    assert actor
    assert actor.name == "Sam Told"
    provider.facts = {"sub": "666", "name": "Somebody else"}
    client.delete_cookie("kb_session")
    assert_refused(client, sign_in(client))


def test_the_store_holds_nothing_of_the_way_but_a_digest(client: FlaskClient, stored: Callable[[], str]) -> None:
    address = out(client)
    attempt = client.get_cookie(answers.ATTEMPT, path="/sign-in/")
    assert attempt
    parts = [attempt.value, *(value for values in parse_qs(urlsplit(address).query).values() for value in values)]
    assert not [part for part in parts if part in stored()]


def test_without_a_provider_there_is_no_way_to_one(wiki: Wiki) -> None:
    client = wiki(auth="email")
    assert {client.get(path).status_code for path in ("/sign-in/out/", "/sign-in/back/?state=x")} == {404}
