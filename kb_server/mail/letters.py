"""A message as it goes out: in plain text and in HTML, with nothing in its headers that could begin another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

LONGEST_HEADER = 400
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the brackets
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NOT_ONE_LINE = re.compile("[\\x00-\\x20\\x7f-\\xa0\\u2028\\u2029\\ud800-\\udfff]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said to one person. `headers` are for mail programs: threading, how to end the mails."""

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


def is_address(text: str) -> bool:
    """Whether this is the address of a mailbox that any mail server takes: letters of ASCII alone."""
    return len(text) <= LONGEST_ADDRESS and bool(_ADDRESS.fullmatch(text))


def composed(letter: Letter, sender: str) -> EmailMessage:
    """The message to send. Raises ValueError where `to` is no address."""
    if not is_address(letter.to):
        raise ValueError("not an address of a mailbox")
    name, address = parseaddr(sender)
    message = EmailMessage(policy.SMTP)
    message["From"] = Address(one_line(name), addr_spec=address)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(datetime.now(UTC))
    usual = {"Message-ID": make_msgid(domain=address.partition("@")[2]), "Auto-Submitted": "auto-generated"}
    for header, value in (usual | dict(letter.headers)).items():  # so marked, no out-of-office answers (RFC 3834)
        message[header] = one_line(value)
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def one_line(text: str) -> str:
    """A text that may stand in a header: whatever could end the line is a space.

    So is what begins an encoded word (RFC 2047): Python would decode it, and then write the line ends it hides.
    """
    return _NOT_ONE_LINE.sub(" ", text.replace("=?", "= ?")).strip()[:LONGEST_HEADER]
