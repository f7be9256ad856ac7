"""A real mail server for tests, which keeps what it is given: `with Postbox() as box: … box.next()`."""

# ruff: noqa: ANN401, N802  -- the names and the untyped arguments are aiosmtpd's

from __future__ import annotations

import asyncio
import queue
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope

PATIENCE = 120  # seconds for what happens by itself, on a machine that does much else


class Postbox:
    """A mail server on a free port. `refusing` are addresses for which it answers `code`; a password it wants."""

    def __init__(self, *, refusing: tuple[str, ...] = (), code: int = 550, password: str = "") -> None:
        self._refusing, self._code, self._password = refusing, code, password
        self._got: queue.Queue[Envelope] = queue.Queue()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self.connections = 0

    def __enter__(self) -> Self:
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        self._server = listening.result(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """What KB_MAIL_URL takes."""
        port = self._server.sockets[0].getsockname()[1]
        return f"smtp://{f'kb:{self._password}@' if self._password else ''}127.0.0.1:{port}"

    def next(self) -> EmailMessage:
        """The next message, as soon as it is there."""
        envelope = self._got.get(timeout=PATIENCE)
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        message["X-To"] = ", ".join(envelope.rcpt_tos)
        return message

    def next_to(self, address: str, subject: str) -> EmailMessage:
        """The next message to an address that begins so; what came before it is not looked at."""
        while True:
            message = self.next()
            if message["X-To"] == address and str(message["Subject"]).strip().startswith(subject):
                return message

    def __len__(self) -> int:
        """How many wait to be taken."""
        return self._got.qsize()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be taken."""
        return self._got.empty()

    async def _listen(self) -> asyncio.Server:
        options: dict[str, Any] = {"hostname": "postbox", "loop": self._loop}
        if self._password:
            options |= {"authenticator": self._known, "auth_require_tls": False}
        return await self._loop.create_server(lambda: SMTP(self, **options), "127.0.0.1", 0)

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, host: str, answers: list[str]) -> list[str]:
        self.connections += 1
        session.host_name = host
        return answers

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self._refusing:
            return f"{self._code} {address} is unknown here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        self._got.put(envelope)
        return "250 Taken"

    def _known(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (b"kb", self._password.encode()))
