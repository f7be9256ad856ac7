"""Whatever a forge answers otherwise is one sentence for people, has no token in it, and comes to an end."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Response
from forges.conftest import BASE
from forges.serving import TOKEN, Server

from kb_server.config import Settings
from kb_server.forges import answers, asking, proposing
from kb_server.forges.choosing import forge_of
from kb_server.forges.models import Forge, ForgeError, Proposal

ELSEWHERE = Settings(forge="gitea", forge_repository="example/wiki", forge_token=TOKEN)
PACKED = b'{"commit": {"id": "0"}, "object": {"sha": "0"}}'
SECONDARY = '{"message": "You have exceeded a secondary rate limit."}'
FAULTS = {
    "redirect": (301, {"Location": "https://elsewhere.example.com/"}, "{}", "has moved"),
    "redirect of what is sent": (308, {"Location": "https://elsewhere.example.com/"}, "{}", "has moved"),
    "wrong token": (401, {}, '{"message": "Bad credentials"}', "has to get a new one"),
    "no right": (403, {}, '{"message": "Resource not accessible"}', "needs the right to write"),
    "archived at Gitea": (423, {}, '{"message": "archived"}', "what is archived takes nothing"),
    "used up": (403, {"X-RateLimit-Remaining": "0"}, "{}", "in 1 minute"),
    "asked too often": (429, {"Retry-After": "130"}, "{}", "in 3 minutes"),
    "asked far too often": (429, {"Retry-After": "9" * 30}, "{}", "in 1 minute"),
    "asked too much at once": (403, {}, SECONDARY, "in 1 minute"),
    "not there, or private": (404, {}, '{"message": "Not Found"}', "knows no example/wiki"),
    "conflict": (409, {}, "{}", r"does not take this \(409\)"),
    "invalid": (422, {}, "{}", r"does not take this \(422\)"),
    "over a quota": (413, {}, "{}", r"does not take this \(413\)"),
    "broken": (502, {}, "<h1>Bad gateway</h1>", r"trouble of its own \(502\)"),
    "a page": (200, {}, "<!doctype html><title>Sign in</title>", "is no Git"),
    "nothing": (200, {}, "", "is no Git"),
    "deep": (200, {}, "[" * 100_000, "is no Git"),
    "packed": (200, {"Content-Encoding": "gzip"}, gzip.compress(PACKED), "is no Git"),
    "something else": (200, {}, '{"sha": {}}', "without saying"),
    "a list": (200, {}, "[[]]", "without saying"),
    "large": (200, {}, "x" * (asking.LARGEST + 1), "more than can be read"),
}


def test_what_a_forge_answers_otherwise_is_a_sentence_without_the_token(
    server: Server, forge: Forge, proposal: Proposal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for status, headers, text, sentence in FAULTS.values():
        fault = Response(text, status, headers)
        server.fault = lambda _name, fault=fault: fault  # type: ignore[misc]
        with pytest.raises(ForgeError, match=sentence) as raised:
            forge.head(BASE)
        with pytest.raises(ForgeError):
            proposing.propose(forge, proposal, lambda _branch: False)
        assert TOKEN not in f"{raised.value!r} {forge!r} {vars(forge)!r}"
        assert raised.value.__suppress_context__ or raised.value.__context__ is None
    assert caplog.text
    assert TOKEN not in caplog.text
    assert not server.repository.requests


def test_when_to_ask_again_is_told_as_the_forge_counts() -> None:
    for headers, wanted in (
        ({"Retry-After": "61"}, 2),
        ({"X-RateLimit-Reset": "1600"}, 10),
        ({"RateLimit-Reset": "1060"}, 1),
        ({"X-RateLimit-Reset": "1"}, 1),
        ({"X-RateLimit-Reset": "99999999"}, 60),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 1),
        ({}, 1),
    ):
        assert answers.minutes(headers, 1000) == wanted, headers


def test_no_redirect_takes_the_token_along(server: Server, forge: Forge) -> None:
    server.fault = lambda _name: Response("", 307, {"Location": f"{server.url}/elsewhere"})
    with pytest.raises(ForgeError, match="has moved"):
        forge.head(BASE)
    assert len(server.asked) == 1


@contextmanager
def dripping(head: bytes) -> Iterator[str]:
    """A server that always sends one more byte, and never the last; gives its address."""

    def drip(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.sendall(head)
            while not over.wait(0.01):
                connection.sendall(b" ")

    def serve() -> None:
        with suppress(OSError):
            while True:
                drip(listening.accept()[0])

    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=serve)
        serving.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        serving.join()


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n",
        b"HTTP/1.1 200 OK\r\nX-",
    ],
    ids=["of a length", "until the end", "in chunks", "in its headers"],
)
def test_a_forge_that_never_ends_is_not_read_on(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LONGEST_WAIT", 0.3)
    with dripping(head) as address:
        slow = forge_of(replace(ELSEWHERE, forge_url=address))
        assert slow is not None
        with pytest.raises(ForgeError, match="takes too long"):
            slow.head(BASE)


def test_all_that_is_asked_for_one_click_has_one_time_together(
    server: Server, named: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "LONGEST_WAIT", -1)
    clicked = forge_of(named)
    monkeypatch.setattr(asking, "LONGEST_WAIT", 600)
    assert clicked is not None
    with pytest.raises(ForgeError, match="takes too long"):
        clicked.head(BASE)
    assert server.asked == []


def test_a_forge_that_is_silent_or_away_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(asking, "PATIENCE", 0.05)
        slow = forge_of(replace(ELSEWHERE, forge_url=f"http://127.0.0.1:{silent.getsockname()[1]}"))
        assert slow is not None
        with pytest.raises(ForgeError, match="takes too long"):
            slow.head(BASE)
    with pytest.raises(ForgeError, match=r"cannot be reached at 127\.0\.0\.1"):
        slow.head(BASE)


def test_the_token_of_another_account_on_this_machine_does_not_come_before_the_wikis(
    server: Server, forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert forge.head(BASE) == server.repository.tip(BASE)
