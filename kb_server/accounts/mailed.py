"""Signing in by a mail: a code of six digits, and a link that does the same, both for the browser that asked.

Whoever asks is answered alike, in the same time, whether the address may sign in or not. What is sent is worth nothing
in another browser, so neither a scanner that follows links nor somebody who sees the mail can use it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.accounts import storage
from kb_server.accounts.models import Attempt
from kb_server.config import Settings
from kb_server.errors import Invalid
from kb_server.mail.letters import is_address
from kb_server.people import limits, names, secret
from kb_server.people import storage as people
from kb_server.people.limits import Limit, TooOften
from kb_server.people.models import EMAIL, Proven
from kb_server.people.roster import Roster
from kb_server.people.secret import digest, stamp

LASTS = timedelta(minutes=15)
TRIES = 5
ASKS = 5
"""How often one browser may ask in a row."""
BY_ADDRESS = (Limit("mail.now", 3, LASTS), Limit("mail.day", 10, timedelta(days=1)))
BY_PERSON = Limit("mail.person", 10, timedelta(days=1))
BY_ALL = Limit("mail.all", 1000, LASTS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What becomes of asking: the browser's new `secret`, what to write, and whether a mail may go to the address."""

    secret: str
    code: str
    link: str
    is_admitted: bool


MINUTES = int(LASTS.total_seconds() // 60)


def normal(email: str) -> str:
    """An address as it is compared. Raises Invalid."""
    plain = email.strip().casefold()
    if not is_address(plain):
        raise Invalid("This is no mail address.")
    return plain


def require_left(connection: sa.Connection, email: str, now: datetime) -> None:
    """Raise TooOften where no more can be sent to this address for now; nothing is counted."""
    for limit in BY_ADDRESS:
        limits.require_left(connection, limit, email, now)


def ask(  # noqa: PLR0913, PLR0917  -- who, where from, where to
    connection: sa.Connection,
    settings: Settings,
    roster: Roster,
    email: str,
    leads_to: str,
    before: str,
    now: datetime,
) -> Asked:
    """Begin to sign in by a mail to this address. `before` is the secret this browser has from having asked already.

    Raises TooOften, for an address that may sign in and one that may not alike.
    """
    for limit, who in ((BY_ALL, ""), *((limit, email) for limit in BY_ADDRESS)):
        limits.spend(connection, limit, who, now)
    earlier = storage.attempt(connection, digest(before), EMAIL, stamp(now)) if before else None
    asked = earlier.asked + 1 if earlier else 1
    if asked > ASKS:
        raise TooOften(int(LASTS.total_seconds()))
    if earlier:
        storage.end_attempt(connection, earlier.browser)
    given, code, link = secret.new(), f"{secrets.randbelow(10**6):06}", secret.new()
    made = Attempt(
        browser=digest(given),
        way=EMAIL,
        email=email,
        code=secret.derived(given, "code", code),
        link=secret.derived(given, "link", link),
        leads_to=leads_to,
        expires_at=stamp(now + LASTS),
        asked=asked,
    )
    storage.add_attempt(connection, made, stamp(now))
    in_measure = _is_in_measure(connection, roster, email, now)  # asked of everybody, which takes everybody's time
    return Asked(given, code, link, is_admitted(settings, roster, email) and in_measure)


def under_way(connection: sa.Connection, given: str, now: datetime) -> Attempt | None:
    """What the browser with this secret has asked for, while it can be used."""
    found = storage.attempt(connection, digest(given), EMAIL, stamp(now)) if given else None
    return found if found and found.tries < TRIES else None


def by_code(connection: sa.Connection, given: str, code: str, now: datetime) -> Attempt | None:
    """The attempt that this code completes, which is then over; None where it does not, and that is counted."""
    found = under_way(connection, given, now)
    if found is None:
        return None
    if not secret.same(found.code, secret.derived(given, "code", "".join(code.split()))):
        storage.count_try(connection, found.browser)
        return None
    return found if storage.end_attempt(connection, found.browser) else None


def of_link(connection: sa.Connection, given: str, link: str, now: datetime) -> Attempt | None:
    """The attempt that this link completes, if this is the browser that asked for it."""
    found = under_way(connection, given, now)
    return found if found and secret.same(found.link, secret.derived(given, "link", link)) else None


def by_link(connection: sa.Connection, given: str, link: str, now: datetime) -> Attempt | None:
    """The same, and it is then over."""
    found = of_link(connection, given, link, now)
    return found if found and storage.end_attempt(connection, found.browser) else None


def proven(connection: sa.Connection, email: str, roster: Roster) -> Proven:
    """Who has shown that this is their mailbox."""
    handle = roster.by_email(email)
    known = people.person_by_identity(connection, EMAIL, email)
    name = roster.people[handle].name if handle else "" if known else names.of_address(email)
    return Proven(EMAIL, email, name, email, handle)


def is_admitted(settings: Settings, roster: Roster, email: str) -> bool:
    """Whether this address may sign in: its domain may, or the teams file names it."""
    return email.partition("@")[2] in settings.email_domains or bool(roster.by_email(email))


def _is_in_measure(connection: sa.Connection, roster: Roster, email: str, now: datetime) -> bool:
    """Whether not too much was sent to this person, by whatever address. Others would learn that from an answer."""
    mailbox = _mailbox(email)
    known = people.person_by_identity(connection, EMAIL, mailbox)
    who = roster.by_email(mailbox) or (known.id if known else mailbox)
    try:
        limits.spend(connection, BY_PERSON, who, now)
    except TooOften:
        return False
    return True


def _mailbox(email: str) -> str:
    """Where a mail arrives: sam+anything@example.com is Sam's."""
    name, _, domain = email.partition("@")
    return f"{name.partition('+')[0]}@{domain}"
