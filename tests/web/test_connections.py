"""Connections on which nothing but a head comes back: that something was done, that nothing has changed."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from wire import serving

from kb_server.config import Settings

ASKED = "GET / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def store_kind() -> str:
    return "sqlite"  # nothing is stored


def answering(status: str) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    def app(_environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response(status, [])
        return []

    return app


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_without_a_body_leaves_the_connection_open_for_the_next(settings: Settings, status: str) -> None:
    with serving(settings, answering(status)) as port, socket.create_connection(("127.0.0.1", port), 30) as connection:
        for _ in range(3):
            connection.sendall(f"{ASKED}\r\n".encode())
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(4096)
            assert head.startswith(f"HTTP/1.1 {status}".encode())
            assert b"close" not in head


@pytest.mark.parametrize("status", ["204 No Content", "200 OK"])
def test_whoever_asks_to_part_is_parted_with(settings: Settings, status: str) -> None:
    with serving(settings, answering(status)) as port, socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(f"{ASKED}Connection: close\r\n\r\n".encode())
        got = b""
        while some := connection.recv(4096):
            got += some
        assert b"Connection: close" in got
