"""What a browser gets: pages, assets, conditional answers, errors; and never what lies inside a build."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from by_hand import POLICY, page
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from kb_server.builds import service
from kb_server.config import Settings
from kb_server.db import Database, counters
from kb_server.pages import layout
from kb_server.web import compressing, context

Publish = Callable[..., str]
LONG = "p { color: green }\n" * 100


@pytest.fixture(autouse=True)
def _eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb_server.web.site.LOOK_EVERY", 0)


def test_home_and_a_page_are_served_with_the_builds_policy(publish: Publish, client: FlaskClient) -> None:
    publish(page("home", url=""), page("a"))
    for path in ("/", "/a/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_a_script_carries_the_policy_too_for_a_worker_obeys_its_own(publish: Publish, client: FlaskClient) -> None:
    publish(page("a"), **{"assets/worker.js": "fetch('/api')", "drawing.svg": "<svg/>"})
    assert client.get("/assets/worker.js").headers["Content-Security-Policy"] == POLICY
    drawing = client.get("/drawing.svg")
    assert "script-src 'none'" in drawing.headers["Content-Security-Policy"]
    assert drawing.headers["Cross-Origin-Opener-Policy"] == "unsafe-none", "beside a sandbox it would not be shown"


def test_a_folder_without_its_slash_is_redirected_with_its_query(publish: Publish, client: FlaskClient) -> None:
    publish(page("a"))
    answer = client.get("/a?x=1&y=%2F")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/a/?x=1&y=%2F")


def test_an_unchanged_page_is_not_sent_again(publish: Publish, client: FlaskClient) -> None:
    publish(page("a"))
    etag = client.get("/a/").headers["ETag"]
    again = client.get("/a/", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_what_is_made_piece_by_piece_is_sent_so() -> None:
    """As the list of all suggestions is, of which the first line goes out before the last is made."""
    app = Flask("pieces")
    compressing.install(app)
    made: list[int] = []

    def line(number: int) -> str:
        made.append(number)
        return f"{number},{LONG}\r\n"

    pieces = Response(map(line, range(9)), content_type="text/csv")
    with app.test_request_context("/", headers={"Accept-Encoding": "gzip"}):
        assert app.process_response(pieces) is pieces
    assert made == []


def test_text_is_sent_compressed_to_those_who_can_read_it(publish: Publish, client: FlaskClient) -> None:
    publish(page("a"), kb__css=LONG)
    packed = client.get("/kb.css", headers={"Accept-Encoding": "gzip, br"})
    plain = client.get("/kb.css", headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == LONG.encode()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("name", "forever"),
    [
        ("assets/javascripts/bundle.a5f9d56c.min.js", True),
        ("assets/kb-0123abcd/kb.js", True),
        ("assets/logo.svg", False),
        ("search/search_index.json", False),
    ],
)
def test_only_assets_with_a_hash_are_kept_for_a_year(
    name: str, *, forever: bool, publish: Publish, client: FlaskClient
) -> None:
    publish(page("a"), **{name: "content"})
    assert ("immutable" in client.get(f"/{name}").headers["Cache-Control"]) is forever


@pytest.mark.parametrize(
    "path",
    [
        "/_kb/manifest.json",
        "/_kb/shells/search.html",
        "/_KB/manifest.json",
        "/a/../_kb/manifest.json",
        "/a/%2e%2e/_kb/manifest.json",
        "/..%2f..%2fkb.sqlite3",
        "/%5c%5chost/share",
        "/a/index.html%00",
        "/CON",
        "//a/",
        "/a/%ff",
    ],
)
def test_nothing_outside_the_site_can_be_reached(path: str, publish: Publish, client: FlaskClient) -> None:
    publish(page("a"))
    assert client.get(path).status_code == 404


def test_a_link_that_leads_out_of_the_site_is_not_followed(
    settings: Settings, make_build: Publish, database: Database, client: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    aside = settings.data_dir / "builds" / ".new-by-hand"
    aside.mkdir(parents=True)
    (aside / "leak.txt").symlink_to(tmp_path / "secret.txt")
    service.publish(database, settings, make_build(page("a")))
    assert client.get("/leak.txt").status_code == 404


def test_a_missing_page_is_answered_in_the_sites_look(publish: Publish, client: FlaskClient) -> None:
    publish(page("a"))
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "We could not find this page" in answer.text
    assert 'href="/kb.css"' in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_an_api_error_is_problem_json(publish: Publish, client: FlaskClient) -> None:
    publish(page("a"))
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert json.loads(answer.data)["request"] == answer.headers["X-Request-ID"]


def test_what_fails_unexpectedly_tells_a_number_and_nothing_else(
    publish: Publish, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(page("a"))
    client.get("/a/")
    monkeypatch.setattr("kb_server.web.files.respond", lambda *_: 1 // 0)
    answer = client.get("/a/")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    assert "division" not in answer.text


def test_before_anything_is_published_the_server_says_so(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "kb publish" in answer.get_json()["problems"][0]
    page = client.get("/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_a_new_build_is_taken_up_without_a_restart(publish: Publish, client: FlaskClient) -> None:
    publish(page("a", title="Old"))
    assert "Old" in client.get("/a/").text
    build_id = publish(page("a", title="New"))
    assert "New" in client.get("/a/").text
    assert client.get("/readyz").get_json()["build"] == build_id


def test_an_asset_of_the_build_before_is_still_there_for_pages_that_are_open(
    publish: Publish, client: FlaskClient
) -> None:
    publish(page("a"), **{"assets/kb-00000001/kb.js": "old", "news.txt": "old"})
    client.get("/a/")
    publish(page("b"), **{"assets/kb-00000002/kb.js": "new"})
    assert client.get("/assets/kb-00000001/kb.js").data == b"old"
    assert client.get("/news.txt").status_code == 404


def test_a_published_build_that_was_damaged_since_gives_way_to_the_one_before(
    publish: Publish, client: FlaskClient, settings: Settings
) -> None:
    good = publish(page("a", title="Good"))
    bad = publish(page("a", title="Bad"))
    (settings.data_dir / "builds" / bad / layout.MANIFEST).write_text("{")
    assert "Good" in client.get("/a/").text
    state = client.get("/readyz").get_json()
    assert (state["status"], state["build"]) == ("degraded", good)
    assert bad in state["problems"][0]


def test_a_permanent_link_leads_to_where_the_page_is_now(publish: Publish, client: FlaskClient) -> None:
    publish(page("mql", url="definitions/mql/"))
    answer = client.get("/p/mql/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/definitions/mql/")
    assert client.get("/p/nothing/").status_code == 404


def test_a_wiki_may_have_pages_of_its_own_where_permanent_links_lie(publish: Publish, client: FlaskClient) -> None:
    publish(page("mql", url="p/mql/", title="Own"), page("other", url="p/third/", title="Third"))
    assert "Own" in client.get("/p/mql/").text
    assert "Third" in client.get("/p/third/").text
    assert client.get("/p/mql").headers["Location"] == "/p/mql/"
    assert client.get("/p/other/").headers["Location"] == "/p/third/"


def test_the_sitemap_names_the_address_the_reader_uses(publish: Publish, client: FlaskClient) -> None:
    publish(page("home", url=""), page("a"))
    assert "<loc>http://localhost/a/</loc>" in client.get("/sitemap.xml").text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_page_cannot_be_written_to(method: str, publish: Publish, client: FlaskClient) -> None:
    publish(page("a"))
    answer = client.open("/a/", method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_long_answer_made_at_request_time_is_compressed(publish: Publish, client: FlaskClient) -> None:
    publish(page("a"), *(page(f"lead-{number}", "A lead is a lead.") for number in range(9)))
    packed = client.get("/api/v1/search?query=lead", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data))["total"] == 9
    assert "Content-Encoding" not in client.get("/api/v1/search?query=lead").headers


def test_an_answer_is_made_from_one_build_though_another_comes_meanwhile(
    publish: Publish, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(page("a", "A lead.", title="Old"))
    from_search, asked = client.application.view_functions["search.page"], []

    def and_publish() -> object:
        asked.append(context.build().id)
        publish(page("a", "A lead.", title="New"))
        answer = from_search()
        asked.append(context.build().id)
        return answer

    monkeypatch.setitem(client.application.view_functions, "search.page", and_publish)
    assert client.get("/search/?query=lead").status_code == 200
    assert asked == [first, first]


def test_reading_goes_on_while_the_store_is_away(
    publish: Publish, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(page("a"))
    assert client.get("/a/").status_code == 200

    def away() -> list[str]:
        raise OperationalError("SELECT", {}, Exception("locked"))

    monkeypatch.setattr(client.application.extensions["kb"].site, "_published", away)
    assert client.get("/a/").status_code == 200


def test_a_file_that_vanished_from_the_served_build_is_not_called_a_missing_page(
    publish: Publish, client: FlaskClient, settings: Settings
) -> None:
    build_id = publish(page("a"))
    client.get("/a/")
    (settings.data_dir / "builds" / build_id / "a" / "index.html").unlink()
    answer = client.get("/a/")
    assert answer.status_code == 503
    assert str(settings.data_dir) not in answer.text


def test_no_redirect_is_built_from_the_host_the_asker_names(publish: Publish, client: FlaskClient) -> None:
    publish(page("mql"), page("a"))
    for path in ("/p/mql", "/p/mql/", "/a"):
        location = client.get(path, headers={"Host": "evil.example"}).headers["Location"]
        assert location.startswith("/"), location


def test_what_somebody_was_writing_when_the_store_failed_is_in_no_log(
    publish: Publish,
    client: FlaskClient,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def write_twice(*_: object) -> None:
        with database.transaction() as connection:
            for _ in range(2):
                connection.execute(sa.insert(counters.counters), {"name": "canary", "value": 1})

    publish(page("a"))
    monkeypatch.setattr("kb_server.search.routes.search", write_twice)
    answer = client.get("/api/v1/search?query=x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "the store answers" in caplog.text
    assert "canary" not in caplog.text + answer.text


def test_no_word_of_a_strangers_stands_in_the_log(
    publish: Publish, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    publish(page("a"))
    caplog.set_level("INFO")
    client.open("/a/canary?canary", method="CANARY\x9b[31m", headers={"User-Agent": "canary", "Cookie": "c=canary"})
    client.open("/search/?query=canary", headers={"Referer": "canary", "Authorization": "Bearer canary"})
    assert len(caplog.records) == 2
    assert "canary" not in caplog.text.lower()


def test_trying_once_more_leads_back_to_the_same_place_below_a_path_too(
    publish: Publish, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(page("a"))
    monkeypatch.setattr("kb_server.search.routes.search", lambda *_: 1 / 0)
    answer = client.get("/search/?query=x", base_url="http://localhost/wiki")
    assert answer.status_code == 500
    assert 'href="/wiki/search/?query=x"' in answer.text
