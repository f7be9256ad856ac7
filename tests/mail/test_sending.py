"""One message, sent to a real mail server: whole, with clean headers, and soon given up where nobody answers."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import replace
from email import policy

import pytest
from postbox import Postbox

from kb_server.config import Settings
from kb_server.mail.letters import Letter, composed, is_address, one_line
from kb_server.mail.sending import Refused, Unreachable, send

SENDER = "Common Ground <wiki@example.com>"
LETTER = Letter("nia@example.com", "Zweiter Blick – für Nia", "Plain, grün.\n.\nEnd", "<p>Rich, <b>grün</b>.</p>")


def at(url: str) -> Settings:
    return Settings(mail_url=url, mail_from=SENDER)


def test_a_message_arrives_in_plain_text_and_in_html() -> None:
    with Postbox() as box:
        send(at(box.url), LETTER)
        got = box.next()
    plain, rich = got.get_body(("plain",)), got.get_body(("html",))
    assert plain
    assert rich
    assert (got["Subject"], got["From"], got["X-To"]) == (LETTER.subject, SENDER, LETTER.to)
    assert plain.get_content().splitlines() == LETTER.text.splitlines()
    assert rich.get_content().strip() == LETTER.html
    assert got["Message-ID"].endswith("@example.com>")
    assert got["Auto-Submitted"] == "auto-generated"


def test_what_mail_programs_thread_by_is_sent_as_given() -> None:
    headers = {"Message-ID": "<c1@example.com>", "In-Reply-To": "<c0@example.com>"}
    message = composed(replace(LETTER, headers=headers), SENDER)
    assert (message["Message-ID"], message["In-Reply-To"]) == ("<c1@example.com>", "<c0@example.com>")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\0", "\x0b", "\x85", "\u2028", "\ud800"], ids=ascii)
def test_nothing_in_a_subject_or_header_begins_another_header(end: str) -> None:
    evil = f"Hello{end}Bcc: everybody@example.com{end}{end}<script>"
    message = composed(replace(LETTER, subject=evil, headers={"X-Thread": evil}), SENDER)
    lines = message.as_bytes(policy=policy.SMTP).partition(b"\r\n\r\n")[0].splitlines()
    assert not [line for line in lines if line.lower().startswith(b"bcc")]
    assert one_line(evil) == "Hello Bcc: everybody@example.com <script>"


@pytest.mark.parametrize(
    "word",
    [
        "=?utf-8?q?x=0D=0ABcc:_everybody=40example.com?=",
        "=?utf-8?b?DQpCY2M6IGV2ZXJ5Ym9keUBleGFtcGxlLmNvbQ0KDQpIZWxsbw==?=",
        "=?us-ascii?q?=0ABcc=3A_x?= =?us-ascii?q?=0A?=",
        "=\x00?utf-8?q?=0D=0ABcc:_x?=",
    ],
    ids=ascii,
)
def test_no_name_brings_line_ends_along_in_another_coding(word: str) -> None:
    message = composed(replace(LETTER, subject=f"{word} asks on Home", headers={"X-Thread": word}), f"{word} <a@b.cd>")
    head = message.as_bytes(policy=policy.SMTP).partition(b"\r\n\r\n")[0]
    assert not [line for line in head.splitlines() if line.lower().startswith(b"bcc")]
    assert head.count(b"Subject:") == 1
    assert b"multipart/alternative" in head


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nia",
        "nia@localhost",
        "nia@example.com\r\nRCPT TO:<b@example.com>",
        "nia@example.com, b@example.com",
        "Nia <nia@example.com>",
        "n ia@example.com",
        "niа@example.com",
        "nia@exаmple.com",
        "@example.com",
        "nia@@example.com",
        f"{'n' * 65}@example.com",
        f"nia@{'e.' * 130}com",
        "nia@example.com\0",
    ],
    ids=ascii,
)
def test_what_is_no_address_gets_no_mail(address: str) -> None:
    assert not is_address(address)
    with pytest.raises(ValueError, match="address"):
        composed(replace(LETTER, to=address), SENDER)


def test_a_mail_server_that_is_not_there_is_named_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        with pytest.raises(Unreachable):
            send(at(f"smtp://127.0.0.1:{taken.getsockname()[1]}"), LETTER)


def test_a_mail_server_that_says_nothing_is_soon_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb_server.mail.sending.PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable):
        send(at(f"smtp://127.0.0.1:{silent.getsockname()[1]}"), LETTER)


def test_a_mailbox_that_is_refused_is_told_by_a_number_and_not_by_its_address() -> None:
    with Postbox(refusing=(LETTER.to,)) as box, pytest.raises(Refused) as refused:
        send(at(box.url), LETTER)
    assert refused.value.code == 550
    assert LETTER.to not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("MAIL", b"550 We do not know you"),
        ("MAIL", b"530 Say who you are"),
        ("DATA", b"250 " + b"x" * 1_000_000),
        ("RCPT", b""),
        (".", b""),
    ],
)
def test_what_is_wrong_with_the_line_is_not_the_messages_fault(command: str, answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        talking = threading.Thread(target=_answer, args=(server, command, answer))
        talking.start()
        with pytest.raises(Unreachable):
            send(at(f"smtp://127.0.0.1:{server.getsockname()[1]}"), LETTER)
        talking.join()


def _answer(server: socket.socket, odd: str, answer: bytes) -> None:
    """Be a mail server that answers one command oddly; with nothing to say it hangs up."""
    usual = {"DATA": b"354 Go on", "QUIT": b"221 Bye"}
    connection, _ = server.accept()
    with connection, connection.makefile("rwb") as line, suppress(OSError):
        line.write(b"220 Here\r\n")
        line.flush()
        for said in line:
            word = said.split()[0].decode().upper() if said.strip() else ""
            if word == odd and not answer:
                return
            if word in {"EHLO", "MAIL", "RCPT", "DATA", ".", "RSET", "QUIT"}:
                line.write((answer if word == odd else usual.get(word, b"250 Fine")) + b"\r\n")
                line.flush()


def test_a_password_is_given_where_the_server_wants_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb_server.mail.sending.PATIENCE", 0.5)  # aiosmtpd says nothing more after a wrong one
    with Postbox(password="open/sesame@") as box:
        url = box.url.replace("open/sesame@", "open%2Fsesame%40")
        send(at(url), LETTER)
        assert box.next()["X-To"] == LETTER.to
        with pytest.raises(Unreachable):
            send(at(url.replace("sesame", "wrong")), LETTER)


def test_a_password_is_not_sent_over_an_open_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb_server.mail.sending.LOOPBACK", ())
    with Postbox(password="open") as box, pytest.raises(Unreachable):
        send(at(box.url), LETTER)


def test_the_machine_is_not_named_to_the_mail_server() -> None:
    said = composed(LETTER, SENDER).as_string()
    assert socket.gethostname() not in said
