"""From what is queued to a message: looked at again at the moment of sending, since much may have happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache
from urllib.parse import urljoin

import sqlalchemy as sa
from jinja2 import Environment, PackageLoader, select_autoescape

from kb_server.config import Settings
from kb_server.documents import storage as documents
from kb_server.documents.models import Document
from kb_server.mail.letters import Letter, is_address
from kb_server.notifications import naming, stopping, storage
from kb_server.notifications.models import NEVER, Source, Wiki
from kb_server.notifications.outbox import Leased, Queued
from kb_server.people import storage as people
from kb_server.people.models import Person
from kb_server.words import listed, t

MOST = 50
"""Events one message tells of; whatever is more stands in the list."""
LOOKED_AT = 500
LONGEST = 2_000
"""Characters of what somebody said; the place itself has the rest."""
DIRECT = (
    "mention",
    "flagged",
    "asked",
    "told",
    "again",
    "late",
    "more",
    "yours",
    "carried",
    "refers",
    "agree",
    "fresh",
    "declared",
    "own",
    "broke",
)
"""Reasons for which somebody is told though they do not watch."""
ASKING = frozenset(
    {"wrong", "question", "idea", "mention", "asked", "told", "again", "late", "more", "refers"}
    | {"agree", "fresh", "declared"}
)
"""Reasons that ask for an answer; of the rest there is something to look at."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What it takes to write: the settings, who there is, and who says what."""

    settings: Settings
    wiki: Wiki
    sources: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class News:
    """One thing in a message: who did what, in a line; what was said; and what to go for, to which absolute address."""

    said: str
    name: str
    text: str
    go: str
    url: str

    @property
    def quoted(self) -> str:
        """What was said, as a mail quotes it."""
        return "\n".join(f"> {line}" for line in self.text.splitlines())


def written(connection: sa.Connection, writing: Writing, taken: Leased) -> Letter | None:
    """The message for what was queued; None where there is nothing left to say, or nobody to say it to."""
    receiver = people.person(connection, taken.rows[0].person_id)
    if receiver is None or receiver.erased or storage.mailed_to(connection, receiver.id) == NEVER:
        return None
    to = _address(receiver, writing.wiki)
    rows = _still_wanted(connection, receiver, writing, taken.rows)[:LOOKED_AT]
    shown = documents.documents_by_ref(connection, [row.ref for row in rows])
    rows = [row for row in rows if row.ref in shown]
    if not rows or not is_address(to):
        return None
    actors = people.people_by_id(connection, [row.actor for row in rows])
    called = naming.names(connection, [one.facts for one in shown.values()], writing.wiki.roster)
    news = [_news(writing, row, shown[row.ref], actors.get(row.actor), called) for row in rows]
    return _letter(writing, stopping.key(connection), to, taken, rows, news)


def _address(receiver: Person, wiki: Wiki) -> str:
    """Where mail reaches somebody: as they signed in, else as the teams file has it."""
    listed = wiki.roster.people.get(receiver.handle) if receiver.handle else None
    return receiver.email or (listed.email if listed else "")


def _still_wanted(
    connection: sa.Connection, receiver: Person, writing: Writing, rows: Sequence[Queued]
) -> list[Queued]:
    """Without what they have stopped watching since."""
    off = {what for what, how in storage.watched_by(connection, receiver.id).items() if how == storage.OFF}
    return [row for row in rows if row.reason in DIRECT or _watched(writing, row) not in off]


def _news(writing: Writing, row: Queued, shown: Document, actor: Person | None, called: Mapping[str, str]) -> News:
    page = writing.wiki.pages.get(shown.page_id)
    name = actor.name if actor and actor.name else t("talk.somebody")
    title = page.title if page else t("talk.page_gone")
    source = writing.sources[row.source]
    titled, text = naming.told(shown.facts, shown.title, shown.text)
    said = source.said(row.reason, name, title, titled)
    text = text if len(text) <= LONGEST else text[:LONGEST] + " …"
    text = naming.plain(text, shown.facts, called)
    if said.endswith(text.strip()):
        text = ""  # the first line says it all
    where = source.place_of(row.reason, row.subject) or shown.url
    go = t("waiting.mail.answer") if row.reason in ASKING else t("waiting.look")
    return News(said, name, text, go, urljoin(_root(writing.settings), where))


def _letter(  # noqa: PLR0913, PLR0917  -- all that stands in it
    writing: Writing, key: str, to: str, taken: Leased, rows: Sequence[Queued], news: Sequence[News]
) -> Letter:
    root, receiver = _root(writing.settings), rows[0].person_id
    stop = urljoin(root, stopping.path(key, receiver, stopping.ALL))
    about = _watched(writing, rows[0])
    fields = {
        "news": news[:MOST],
        "more": max(0, len(news) - MOST),
        "list_url": urljoin(root, "waiting/"),
        "settings_url": urljoin(root, "waiting/settings/"),
        "stop_url": stop,
        "leave_url": urljoin(root, stopping.path(key, receiver, about)) if len(rows) == 1 else "",
    }
    subject = news[0].said if len(news) == 1 else t("waiting.mail.several", count=len(news), names=_names(news))
    return Letter(
        to,
        subject,
        _templates().get_template("mail.txt").render(fields),
        _templates().get_template("mail.html").render(fields),
        _headers(writing.settings, taken, rows, stop),
    )


def _headers(settings: Settings, taken: Leased, rows: Sequence[Queued], stop: str) -> dict[str, str]:
    """By what mail programs tell a repeat, put together what belongs together, and offer to end it."""
    domain = parseaddr(settings.mail_from)[1].partition("@")[2]
    headers = {
        "Message-ID": f"<{taken.bundle}@{domain}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if len({row.subject for row in rows}) == 1:  # the first message of a conversation is never sent, and common to all
        conversation = f"<{rows[0].subject}@{domain}>"
        headers |= {"In-Reply-To": conversation, "References": conversation}
    return headers


def _watched(writing: Writing, row: Queued) -> str:
    return writing.sources[row.source].watched(row.subject)


def _names(news: Sequence[News]) -> str:
    names = list(dict.fromkeys(one.name for one in news))
    return listed(names) if len(names) <= 3 else listed([*names[:2], t("waiting.mail.others", count=len(names) - 2)])  # noqa: PLR2004


def _root(settings: Settings) -> str:
    return settings.base_url.rstrip("/") + "/"


@cache
def _templates() -> Environment:
    """Without Flask: no request is at hand when mail is written."""
    loader = PackageLoader("kb_server.notifications", "templates/notifications")
    environment = Environment(loader=loader, autoescape=select_autoescape(["html"]))
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals |= {"t": t}
    return environment
