"""What the tests of mail have in common."""

from __future__ import annotations

import re
from email.message import EmailMessage

from by_hand import page
from postbox import Postbox
from talking import Person, addresses

from kb_server.notifications.service import Teller
from kb_server.pages.manifest import Page

ASKS = "Who tells the customer when their contact person changes?"


def ask(person: Person, body: str = ASKS, page: str = "sams", kind: str = "question") -> tuple[str, str]:
    """Begin a conversation; gives its address and that of what was said."""
    return addresses(person.post(f"/talk/{page}/", body=body, kind=kind))


def owned(page_id: str, owner: str, *teams: str, title: str = "") -> Page:
    """A page somebody sees to."""
    plain = page(page_id, f"What stands on {page_id}.", title=title or page_id)
    fields = {name: getattr(plain, name) for name in Page.__slots__ if name not in {"teams", "meta"}}
    return Page(**fields, teams=teams, meta={"owner": owner} if owner else {})


def mails(teller: Teller, postbox: Postbox) -> list[EmailMessage]:
    """Everything that goes out now, by receiver."""
    teller.take_in()
    sent = teller.send_due()
    assert len(postbox) == sent
    return sorted((postbox.next() for _ in range(sent)), key=lambda mail: str(mail["To"]))


def to_whom(found: list[EmailMessage]) -> list[str]:
    return [str(mail["To"]).partition("@")[0] for mail in found]


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body
    text: str = body.get_content()
    return text


def links(mail: EmailMessage) -> list[str]:
    return re.findall(r'href="([^"]+)"', part(mail, "html"))


def stop_of(mail: EmailMessage) -> str:
    """The path by which this mail's receiver ends them."""
    return str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")
