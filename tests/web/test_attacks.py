"""What a hostile client sends over a real connection: nothing is read in two ways, runs, leaks, or stops the others."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import processes
import pytest
from allowing import within
from by_hand import make_build, page

from kb_server.builds import service
from kb_server.config import Settings
from kb_server.db import Database, migrate

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
GET = b"GET /a/ HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /a/ HTTP/1.1\r\nHost: localhost\r\n"
NEXT = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
pytestmark = pytest.mark.slow  # a server is started
EVERY = 40  # strings of a list one is tried; all of them take minutes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Host and port of a server of two pages."""
    data = tmp_path_factory.mktemp("data")
    settings = Settings(data_dir=data, database_url=f"sqlite:///{data / 'kb.sqlite3'}")
    database = Database(settings.database_url)
    migrate(database, data / "backups")
    build = make_build(data / "builds", page("home", "A lead.", url=""), page("a", "A lead <b>is</b> a lead."))
    service.publish(database, settings, build)
    database.close()
    process, address = processes.start(data)
    parts = urlsplit(address)
    yield parts.hostname or "", parts.port or 0
    processes.stop(process)


@pytest.fixture
def connection(server: tuple[str, int]) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection(*server, timeout=processes.PATIENCE)) as connection:
        yield connection


def answers(server: tuple[str, int], sent: bytes) -> list[int]:
    """The statuses of all that comes back before the connection ends."""
    with socket.create_connection(server, timeout=processes.PATIENCE) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    return [int(status) for status in re.findall(rb"^HTTP/1\.[01] (\d{3})", said, re.MULTILINE)]


AMBIGUOUS = {
    "a length and chunks": POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
    "chunks and a length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 40\r\n\r\n0\r\n\r\n" + NEXT,
    "chunks of an old client": POST.replace(b"1.1", b"1.0")
    + b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + NEXT,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 45\r\n\r\n" + NEXT,
    "a list of lengths": POST + b"Content-Length: 0, 45\r\n\r\n" + NEXT,
    "a signed length": POST + b"Content-Length: +0\r\n\r\n" + NEXT,
    "a length no number can hold": POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n" + NEXT,
    "a space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + NEXT,
    "a header on two lines": GET + b"X: a\r\n b\r\n\r\n",
    "a length on two lines": POST + b"Content-Length:\r\n 0\r\n\r\n" + NEXT,
    "a bare line feed": GET + b"X: a\nContent-Length: 45\r\n\r\n" + NEXT,
    "a bare carriage return": GET + b"X: a\rContent-Length: 45\r\n\r\n" + NEXT,
    "a NUL": GET + b"X: a\0b\r\n\r\n",
    "a chunk of negative length": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n" + NEXT,
    "an address that is none": b"GET http://[::1/a/ HTTP/1.1\r\nHost: localhost\r\n\r\n" + NEXT,
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_refused(server: tuple[str, int], name: str) -> None:
    assert answers(server, AMBIGUOUS[name]) == [400]


BOMBS = {
    "blanks before a value": GET + b"X:" + b" " * 30_000 + b"x\r\n\r\n",
    "tabs before a value": GET + b"X:" + b"\t " * 15_000 + b"\x01\r\n\r\n",
    "blanks on many lines": GET + b"X:" + b"\r\n " * 9_000 + b"x\r\n\r\n",
    "a host without end": b"GET a://" + b"1" * 30_000 + b" x HTTP/1.1\r\n\r\n",
    "a host without end in a path": b"GET /a://" + b"1" * 30_000 + b" x HTTP/1.1\r\n\r\n",
    "quotes": GET + b"If-None-Match: " + b'"' * 30_000 + b"\r\n\r\n",
    "weak tags": GET + b"If-None-Match: " + b'W/"a",' * 5_000 + b"\r\n\r\n",
    "ranges": GET + b"Range: bytes=" + b"0-1," * 7_000 + b"0-1\r\n\r\n",
    "encodings": GET + b"Accept-Encoding: " + b'a;q="\\",' * 3_500 + b"\r\n\r\n",
    "headers": GET + b"".join(b"X%d: y\r\n" % number for number in range(3_000)) + b"\r\n",
    "parameters": GET.replace(b"/a/", b"/search/?" + b"query=a&" * 3_500) + b"\r\n",
}


@pytest.mark.alone
@pytest.mark.parametrize("name", BOMBS)
def test_one_request_does_not_keep_all_others_waiting(server: tuple[str, int], name: str) -> None:
    with within(1):
        assert len(answers(server, BOMBS[name])) == 1
        assert answers(server, NEXT) == [200]


def test_a_file_that_is_wanted_is_sent_whatever_the_browser_says_it_has(
    connection: http.client.HTTPConnection,
) -> None:
    connection.request("GET", "/a/")
    answer = connection.getresponse()
    body, etag = answer.read(), answer.headers["ETag"]
    for more in ({"If-Match": etag}, {"If-Range": '"other"', "Range": "bytes=0-1"}):
        connection.request("GET", "/a/", headers={"If-None-Match": etag} | more)
        answer = connection.getresponse()
        content = answer.read()
        assert (answer.status, content) in {(200, body), (304, b"")}


class _Seen(HTMLParser):
    """How many elements there are, and what in them would run or lead away."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements, self.bad = 0, list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1
        for name, value in attrs:
            leads = name in {"href", "src", "action", "formaction"}
            if name.startswith("on") or (leads and re.match(r"\s*(?:[\w+.-]+:|//|\\)", value or "")):
                self.bad.append(f"{tag} {name}={value}")


def strings() -> list[str]:
    """Some of the lists of bad input."""
    found = [
        *(CORPORA / "xss.txt").read_text(encoding="utf-8", errors="replace").splitlines(),
        *json.loads((CORPORA / "naughty-strings.json").read_text(encoding="utf-8")),
        *(CORPORA / "open-redirects.txt").read_text(encoding="utf-8", errors="replace").splitlines(),
    ]
    return list(dict.fromkeys(found))[::EVERY]


PLACES = {
    "/search/?query={0}&page={0}": {200},
    "/search/?query=lead&kind={0}&team={0}&in={0}": {200},
    "/api/v1/search?query={0}&typing=1&marks=1": {200},
    "/api/v1/search?query=lead&kind={0}&team={0}&in={0}": {200},
    "/api/v1/search?query=lead&limit={0}&offset={0}": {200, 422},
    "/p/{0}/": {404},
    "/{0}": {200, 404, 308},
    "/{0}/a": {404},
    "/a?next={0}": {308},
}
HEADERS = {
    "the host": ("Host",),
    "who passes it on": ("X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded", "X-Original-URL"),
}


@pytest.mark.skipif(not CORPORA.exists(), reason=f"the lists of bad input are not at {CORPORA}")
@pytest.mark.parametrize("place", PLACES)
def test_bad_input_is_answered_as_what_it_is(connection: http.client.HTTPConnection, place: str) -> None:
    for text in strings():
        connection.request("GET", place.format(quote(text.encode("utf-8", "surrogatepass"), safe="")))
        answer = connection.getresponse()
        body = answer.read().decode()
        assert answer.status in PLACES[place], text
        assert re.match(r"/[^/\\]", answer.headers.get("Location", "/a")), text
        if answer.headers["Content-Type"].startswith("text/html"):
            seen = _Seen(body)
            assert not seen.bad, text
            assert seen.elements < 60, text  # a page of this wiki has as many, and no more


@pytest.mark.skipif(not CORPORA.exists(), reason=f"the lists of bad input are not at {CORPORA}")
@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_no_header_says_where_the_wiki_lies(connection: http.client.HTTPConnection, headers: tuple[str, ...]) -> None:
    for text in strings():
        value = re.sub(r"\s+", " ", text).strip().encode("utf-8", "replace")[:2000]
        for path in ("/a", "/search/?query=lead"):
            connection.putrequest("GET", path, skip_host="Host" in headers)
            for header in headers:
                connection.putheader(header, value)
            connection.endheaders()
            answer = connection.getresponse()
            body = answer.read().decode()
            assert answer.status in {308, 200, 400}, text
            assert answer.headers.get("Location", "/a/") == "/a/", text
            assert answer.status == 400 or not _Seen(body).bad, text
