"""Handing a message to the mail server: over TLS where it offers that, and always where a password is sent."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from kb_server.config import LOOPBACK, Settings
from kb_server.errors import KbError
from kb_server.mail.letters import Letter, composed

PATIENCE = 5.0  # seconds for each answer of the mail server's
PORTS = {"smtp": 25, "smtps": 465}


class Unreachable(KbError):  # noqa: N818  -- it reads as what the mail server is
    """The mail server cannot be reached, or does not want to hear from us."""


class Refused(KbError):  # noqa: N818
    """The mail server did not take this one message; `code` is its answer, the rest names people."""

    def __init__(self, code: int) -> None:
        super().__init__(f"The mail server did not take a message (answer {code}).")
        self.code = code


class Line:
    """An open connection to the mail server, for one message after the other. Close it, or use it in `with`."""

    def __init__(self, settings: Settings) -> None:
        """Connect and say who we are. Raises Unreachable."""
        self._sender = settings.mail_from
        try:
            self._server = _connected(settings.mail_url, parseaddr(settings.mail_from)[1].partition("@")[2])
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable("The mail server cannot be reached.") from error

    def send(self, letter: Letter) -> None:
        """Hand over one message. Raises Refused, Unreachable, ValueError where it goes to no address."""
        message = composed(letter, self._sender)
        try:
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise Refused(next(iter(error.recipients.values()))[0]) from None  # what it says names the address
        except smtplib.SMTPDataError as error:
            raise Refused(error.smtp_code) from None
        # Any other answer concerns us or the line, not this message: it would be the same for all.
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable("The mail server went away.") from error

    def close(self) -> None:
        """Take leave, if it still listens."""
        try:
            self._server.quit()
        except (OSError, smtplib.SMTPException):
            self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def send(settings: Settings, letter: Letter) -> None:
    """Send one message over a connection of its own. Raises Refused, Unreachable, ValueError."""
    with Line(settings) as line:
        line.send(letter)


def _connected(url: str, ours: str) -> smtplib.SMTP:
    parts, tls = urlsplit(url), ssl.create_default_context()
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    # Our own name would be looked up, and tell of the machine; the domain mail comes from does as well.
    if parts.scheme == "smtps":
        return _introduced(smtplib.SMTP_SSL(host, port, ours, timeout=PATIENCE, context=tls), url)
    server = smtplib.SMTP(host, port, ours, timeout=PATIENCE)
    with _closed_on_failure(server):
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=tls)
        elif parts.username and host not in LOOPBACK:
            raise smtplib.SMTPNotSupportedError("no TLS, and a password is not sent without")
    return _introduced(server, url)


def _introduced(server: smtplib.SMTP, url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    with _closed_on_failure(server):
        server.ehlo_or_helo_if_needed()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


@contextmanager
def _closed_on_failure(server: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
    except BaseException:
        server.close()
        raise
