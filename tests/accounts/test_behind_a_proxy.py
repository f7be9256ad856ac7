"""Whom a proxy in front names: believed from a named machine that knows the secret, and from nobody else."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from every import every
from flask.testing import FlaskClient
from signing import OURS, Wiki
from werkzeug.test import TestResponse
from wire import serving

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database

SECRET = "a-secret-of-twenty-four-or-more"
PEERS = (ip_network("127.0.0.0/8"), ip_network("10.0.3.0/24"), ip_network("fd00::/64"))
PROXY: dict[str, Any] = {"auth": "proxy", "proxy_peers": PEERS, "proxy_secret": SECRET}
SAM = {"Remote-User": "sam", "Remote-Secret": SECRET}


def ask(client: FlaskClient, headers: dict[str, str], *, peer: str = "127.0.0.1", path: str = "/a/") -> TestResponse:
    return client.get(path, headers=headers, environ_base={"REMOTE_ADDR": peer})


@pytest.fixture
def client(wiki: Wiki) -> FlaskClient:
    return wiki(**PROXY)


def test_whom_the_proxy_names_reads_and_is_one_person(client: FlaskClient, stored: Callable[[], str]) -> None:
    assert ask(client, SAM).status_code == 200
    before = stored()
    assert ask(client, SAM).status_code == 200
    assert ask(client, SAM, path="/").status_code == 200
    assert stored() == before
    assert before.count("people: ") == 1
    assert "'sam@example.com', 'sam'" in before
    assert "sessions: " not in before


def test_nobody_reads_whom_the_proxy_does_not_name(client: FlaskClient) -> None:
    answer = ask(client, {})
    assert (answer.status_code, "Sign in first" in answer.text) == (401, True)
    assert "usual address" in client.get("/sign-in/").text


@pytest.mark.slow
@every("peer", ["10.0.4.1", "192.168.0.1", "::1", "fd01::1", "", "127.0.0.1.evil", "::ffff:10.0.4.1"])
def test_from_another_machine_nobody_is_named(client: FlaskClient, peer: str, stored: Callable[[], str]) -> None:
    assert ask(client, SAM, peer=peer).status_code == 401
    assert "people: " not in stored()


@pytest.mark.parametrize("peer", ["10.0.3.7", "fd00::7", "::ffff:10.0.3.7"])
def test_each_named_machine_is_believed(client: FlaskClient, peer: str) -> None:
    assert ask(client, SAM, peer=peer).status_code == 200


@pytest.mark.slow
@every(
    "headers",
    [
        {"Remote-User": "sam"},
        SAM | {"Remote-Secret": ""},
        SAM | {"Remote-Secret": "another-secret-of-the-length"},
        SAM | {"Remote-Secret": f"{SECRET},{SECRET}"},
        SAM | {"Remote-Secret": "\xe4" * 30},
        {"Remote-Secret": SECRET},
        SAM | {"Remote-User": ""},
        SAM | {"Remote-User": " "},
        SAM | {"Remote-User": "sam,ada"},
        SAM | {"Remote-User": "ada, sam"},
        SAM | {"Remote-User": "sam\t"} | {"Remote-User": "sa\tm"},
        SAM | {"Remote-User": "s" * 300},
        SAM | {"Remote-User": "sam\u202e".encode().decode("latin-1")},
        SAM | {"Remote-Email": "sam@example.com,ada@example.com"},
        {"Remote-Email": "ada@example.com"},
        {"Remote-Name": "Ada"},
        {"Remote-Groups": "sales"},
    ],
)
def test_what_is_not_said_once_and_whole_is_not_believed(
    client: FlaskClient, headers: dict[str, str], stored: Callable[[], str]
) -> None:
    for path in ("/a/", "/api/v1/search?query=a", "/healthz", "/sign-in/"):
        assert ask(client, headers, path=path).status_code == 401, path
    assert "people: " not in stored()


def test_it_is_refused_where_everybody_may_read_too(wiki: Wiki) -> None:
    client = wiki(**PROXY, public_read=True)
    assert ask(client, {}).status_code == 200
    assert ask(client, {"Remote-User": "sam"}).status_code == 401


def test_the_headers_mean_nothing_where_there_is_no_proxy(wiki: Wiki) -> None:
    client = wiki(public_read=False)
    assert ask(client, SAM).status_code == 303


def test_a_name_and_teams_come_along(client: FlaskClient, stored: Callable[[], str]) -> None:
    who = {"Remote-User": "n.berg", "Remote-Name": "Nia Bérg".encode().decode("latin-1"), "Remote-Secret": SECRET}
    assert ask(client, who | {"Remote-Groups": "sales, Customer Success,elsewhere"}).status_code == 200
    kept = stored()
    assert "'Nia Bérg'" in kept
    assert kept.count("memberships: ") == 2
    assert ask(client, who | {"Remote-Groups": "marketing"}).status_code == 200
    assert stored().count("memberships: ") == 1
    assert ask(client, who | {"Remote-Groups": ""}).status_code == 200
    assert "memberships: " not in stored()


def test_a_form_of_another_site_is_refused_behind_a_proxy_too(client: FlaskClient) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/sign-out/", headers=SAM | elsewhere).status_code == 403
    assert client.post("/sign-out/", headers=SAM | OURS).status_code == 303


# ── Over a real server ────────────────────────────────────────────────────


def asked(port: int, *headers: tuple[str, str]) -> int:
    """Ask a real server; gives the status of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.putrequest("GET", "/a/")
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@pytest.mark.usefixtures("published")
def test_over_the_wire_only_the_plain_headers_said_once_are_believed(settings: Settings, database: Database) -> None:
    user, known = ("Remote-User", "sam"), ("Remote-Secret", SECRET)
    with serving(settings, create_app(replace(settings, **PROXY), database)) as port:
        assert asked(port, user, known) == 200
        assert asked(port, ("remote-user", "sam"), ("REMOTE-SECRET", SECRET)) == 200
        assert asked(port, user, user, known) == 401
        assert asked(port, user, ("Remote-User", "ada"), known) == 401
        assert asked(port, user, known, known) == 401
        assert asked(port, ("Remote_User", "sam"), known) == 401
        assert asked(port, ("Remote_User", "sam"), ("Remote_Secret", SECRET)) == 401
        assert asked(port, ("Remote-User", "ada"), ("Remote_Secret", SECRET)) == 401


@pytest.mark.slow
@pytest.mark.parametrize(
    "forged",
    [
        ("X-Forwarded-For", "10.0.3.7"),
        ("Forwarded", "for=10.0.3.7;host=evil.example;proto=https"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Real-IP", "10.0.3.7"),
    ],
)
@pytest.mark.usefixtures("published")
def test_forged_forwarding_headers_make_no_machine_a_named_one(
    settings: Settings, database: Database, forged: tuple[str, str]
) -> None:
    """The machine at the other end is the one the connection comes from, whatever it says of others."""
    app = create_app(replace(settings, **PROXY | {"proxy_peers": PEERS[1:]}), database)
    seen: list[str] = []

    def watched(environ: dict[str, Any], start_response: Any) -> Any:  # noqa: ANN401
        seen.append(str(environ["REMOTE_ADDR"]) + str(environ.get("HTTP_X_FORWARDED_FOR", "")))
        return app(environ, start_response)

    with serving(settings, watched) as port:
        assert asked(port, forged, *SAM.items()) == 401
    assert seen == ["127.0.0.1"]
