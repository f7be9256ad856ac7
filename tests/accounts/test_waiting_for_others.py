"""A mail server or a provider that says nothing keeps those who sign in waiting, and nobody who reads."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import requests
from processes import PATIENCE
from signing import OURS, Wiki
from wire import serving

from kb_server.accounts import outside
from kb_server.accounts.outside import Outside
from kb_server.config import Settings
from kb_server.errors import KbError


class Gone(KbError):  # noqa: N818  -- it reads as what the server is
    """It is away."""


@contextmanager
def nobody_says_anything() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        yield silent


@pytest.mark.slow
@pytest.mark.parametrize("way", ["email", "oidc"])
def test_a_server_that_says_nothing_keeps_no_reader_waiting(
    way: str, wiki: Wiki, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb_server.mail.sending.PATIENCE", PATIENCE)
    monkeypatch.setattr("kb_server.accounts.provider.asking.PATIENCE", PATIENCE)
    monkeypatch.setattr(outside, "PATIENCE", 0.05)
    with nobody_says_anything() as silent, ThreadPoolExecutor(12) as crowd:
        port = silent.getsockname()[1]
        oidc = {"oidc_issuer": f"http://127.0.0.1:{port}", "oidc_client_id": "wiki"}
        app = wiki(auth=way, mail_url=f"smtp://127.0.0.1:{port}", **oidc).application
        with serving(settings, app) as served:
            root = f"http://127.0.0.1:{served}/"

            def sign_in(number: int) -> int:
                asked = {"email": f"sam{number}@example.com"}
                if way == "email":
                    return requests.post(f"{root}sign-in/", data=asked, headers=OURS, timeout=PATIENCE).status_code
                return requests.get(f"{root}sign-in/out/", timeout=PATIENCE).status_code

            waiting = [crowd.submit(sign_in, number) for number in range(12)]
            for _ in range(5):
                assert requests.get(f"{root}healthz", timeout=PATIENCE).status_code == 200
            assert not all(one.done() for one in waiting), "they wait, and who reads does not"
            silent.close()
            assert {one.result() for one in waiting} == {503}


def test_of_those_who_ask_half_of_the_threads_wait_and_the_others_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "PATIENCE", 0)
    server = Outside(4, Gone)
    with server.asked(), server.asked(), pytest.raises(Gone), server.asked():
        pass
    with pytest.raises(Gone), server.asked():
        raise Gone
    with server.asked():  # it may be back
        pass
