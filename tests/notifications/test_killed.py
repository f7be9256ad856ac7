"""A server that is killed again and again while people write and mail goes out: nothing that was acknowledged is lost.

``make torture-mail`` kills it two hundred times.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import sqlalchemy as sa
from agreement import what_was_said
from by_hand import page
from notifications.telling import owned, part
from postbox import Postbox
from processes import PATIENCE, start, stop
from stores import on_alone

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.notifications import outbox, storage

pytestmark = pytest.mark.slow

DYING = [sys.executable, str(Path(__file__).parents[1] / "faults" / "dying.py")]
_OURS = "kb_server.notifications"
STEPS = (
    f"{_OURS}.storage:let_wait:1:before",
    f"{_OURS}.outbox:add:1:after",
    f"{_OURS}.storage:took_part:1:after",
    f"{_OURS}.outbox:take:1:after",
    f"{_OURS}.delivering:written:1:before",
    "kb_server.mail.sending:Line.send:1:before",
    "kb_server.mail.sending:Line.send:1:after",
    f"{_OURS}.outbox:done:1:before",
    f"{_OURS}.outbox:done:1:after",
)
KILLS = int(os.environ.get("KILLS", "10"))
WRITERS = 3
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def signed_in(address: str, handle: str) -> str:
    """Sign in; gives the cookie."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    connection.request("POST", "/sign-in/", urlencode({"handle": handle}), FORM)
    answer = connection.getresponse()
    answer.read()
    cookie = answer.getheader("Set-Cookie") or ""
    connection.close()
    return cookie.partition(";")[0]


def write_until_the_end(address: str, cookie: str, name: str, *, most: int = 10_000) -> list[tuple[str, str]]:
    """Ask one question after the other; gives those that were acknowledged, each by its id.

    A server with too much to do asks for one once more: then it must be said once.
    """
    acknowledged = []
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        while len(acknowledged) < most:
            text = f"Question {name} {len(acknowledged)}"
            form = urlencode({"body": text, "kind": "question", "key": text})
            connection.request("POST", "/talk/sams/", form, FORM | {"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
                continue
            assert answer.status == HTTPStatus.SEE_OTHER, answer.status
            acknowledged.append(((answer.getheader("Location") or "").rpartition("#")[2], text))
    except (OSError, HTTPException):
        pass
    finally:
        connection.close()
    return acknowledged


def test_every_acknowledged_question_is_there_and_mailed_however_often_the_server_is_killed(
    settings: Settings, publish: Callable[..., str], database: Database
) -> None:
    publish(page("home", url=""), owned("sams", "sam", "sales", title="What Sales does"))
    settings.data_dir.chmod(0o700)
    chance = random.Random(20261122)
    acknowledged: dict[str, str] = {}
    with Postbox() as postbox:
        environment = environment_of(settings, postbox)
        for kill in range(KILLS):
            acknowledged |= killed_while_writing(settings.data_dir, environment, chance, str(kill))
        send_the_rest(settings, environment)
        mailed = ids_by_text(postbox)
    assert acknowledged
    said = all_agree(database)
    assert acknowledged.items() <= said.items()
    assert set(mailed) == set(said.values()), "each is mailed at least once, and nothing else"
    assert {len(set(ids)) for ids in mailed.values()} == {1}, "a repeat carries the same id"
    assert len({ids[0] for ids in mailed.values()}) == len(mailed), "and no other has it"


@on_alone("sqlite")
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.rpartition(".")[2])
def test_killed_at_any_step_each_is_mailed_and_a_repeat_has_the_same_id(
    settings: Settings, publish: Callable[..., str], database: Database, step: str
) -> None:
    publish(page("home", url=""), owned("sams", "sam", "sales", title="What Sales does"))
    settings.data_dir.chmod(0o700)
    with Postbox() as postbox:
        environment = environment_of(settings, postbox)
        process, address = start(settings.data_dir, program=[*DYING, step], **environment)
        try:
            acknowledged = dict(write_until_the_end(address, signed_in(address, "otto"), "x", most=3))
            assert process.wait(PATIENCE) == -signal.SIGKILL, "this step is never reached"
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
        send_the_rest(settings, environment)
        mailed = ids_by_text(postbox)
    said = all_agree(database)
    assert acknowledged.items() <= said.items()
    assert set(mailed) == set(said.values())
    assert {len(set(ids)) for ids in mailed.values()} == {1}


def environment_of(settings: Settings, postbox: Postbox) -> dict[str, str]:
    return {
        "KB_DATABASE_URL": settings.database_url,
        "KB_BASE_URL": "http://127.0.0.1/",
        "KB_MAIL_URL": postbox.url,
        "KB_MAIL_FROM": "wiki@example.com",
        "KB_POSTS_PER_MINUTE": "1000000",
        "KB_MAILS_PER_HOUR": "1000000",
    }


def killed_while_writing(data: Path, environment: dict[str, str], chance: random.Random, name: str) -> dict[str, str]:
    """Start a server, let people write, and kill it; gives what it has acknowledged, by its id."""
    process, address = start(data, **environment)
    try:
        cookie = signed_in(address, "otto")
        with ThreadPoolExecutor(WRITERS) as writers:
            work = [writers.submit(write_until_the_end, address, cookie, f"{name}-{one}") for one in range(WRITERS)]
            time.sleep(chance.uniform(0.05, 0.5))  # the moment of the kill is what is tried
            process.kill()
            return {comment: text for done in work for comment, text in done.result()}
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def send_the_rest(settings: Settings, environment: dict[str, str]) -> None:
    """Start a server once more, and let it send whatever is left."""
    with closing(Database(settings.database_url)) as database:
        if database.dialect != "sqlite":  # there what killed servers held comes free after a while: another test
            with database.transaction() as connection:
                outbox.release_all(connection)
        process, _ = start(settings.data_dir, **environment)
        try:
            until = time.monotonic() + 3 * PATIENCE
            while not is_all_sent(database):
                assert time.monotonic() < until, "the mail does not go out"
                time.sleep(0.05)  # another process works; there is nothing here to wait on
        finally:
            stop(process)


def is_all_sent(database: Database) -> bool:
    with database.read() as connection:
        return not storage.is_behind(connection) and outbox.standing(connection).waiting == 0


def ids_by_text(postbox: Postbox) -> dict[str, list[str]]:
    """The ids of the messages that tell of each question."""
    found: dict[str, list[str]] = {}
    while not postbox.is_empty:
        mail = postbox.next()
        text = re.search(r"^> (.*)$", part(mail, "plain"), re.MULTILINE)
        assert text
        found.setdefault(text[1].strip(), []).append(str(mail["Message-ID"]))
    return found


def all_agree(database: Database) -> dict[str, str]:
    """What was said, by its id, if rows, log, what can be found, what is counted and what waits tell the same."""
    with database.read() as connection:
        said = what_was_said(connection)
        waiting = connection.scalars(sa.text("SELECT substr(ref, 9) FROM waiting"))
        assert Counter(waiting) == Counter(list(said))
    return said
