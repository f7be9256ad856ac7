"""The document of the interface says what the server does, all of it and nothing else; and the page says the same."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from by_hand import POLICY, page
from flask import Flask
from flask.testing import FlaskClient
from notes import Store, app_with

from kb_server.web.api.page import view

Publish = Callable[..., str]
DOCUMENT = "/api/v1/openapi.json"
EXAMPLES = int(os.environ.get("EXAMPLES", "30"))  # made up for each route; `make fuzz` makes up more
# A cursor can only be had from the server, and what it refuses is tested for itself (`test_api.py`).
SETTINGS = {
    # The character NUL and half a character are JSON, and no text.
    "generation": {
        "max-examples": EXAMPLES,
        "database": "none",
        "deterministic": True,
        "allow-x00": False,
        "codec": "utf-8",
    },
    "continue-on-failure": True,
    "parameters": {"cursor": ""},
    # Without a network between, nobody unpacks what was packed for it.
    "headers": {"Accept-Encoding": "identity"},
}

only_sqlite = pytest.mark.parametrize("store_kind", ["sqlite"], indirect=True)


def promises_broken(app: Flask) -> Iterator[str]:
    """What requests made up from the document got and should not have got."""
    # Dear to load, and the inner loop has no use for it.
    import schemathesis  # noqa: PLC0415
    from schemathesis import Config, engine  # noqa: PLC0415
    from schemathesis.engine import events  # noqa: PLC0415

    described = schemathesis.openapi.from_wsgi(DOCUMENT, app, config=Config.from_dict(SETTINGS))
    described.validate()
    asked = 0
    for event in engine.from_schema(described).execute():
        assert not isinstance(event, events.FatalError | events.NonFatalError), event
        if isinstance(event, events.ScenarioFinished):
            asked += len(event.recorder.interactions)
            found = [check.failure_info for checks in event.recorder.checks.values() for check in checks]
            yield from (f"{event.label}: {one.failure} {one.code_sample}" for one in found if one)
    assert asked > EXAMPLES


@pytest.mark.slow
@only_sqlite
def test_the_server_keeps_every_promise_of_its_document(client: FlaskClient, publish: Publish) -> None:
    publish(page("mql", "A contact who has shown us a need.", kind="definition"), page("calls", "The first call."))
    assert list(promises_broken(client.application)) == []


@pytest.mark.slow
def test_promises_about_bodies_and_paths_can_be_kept_too() -> None:
    assert list(promises_broken(app_with(Store()))) == []


@pytest.mark.slow
def test_a_broken_promise_is_noticed() -> None:
    store = Store()
    store.put = lambda *_: {"id": "one", "text": "", "colour": "plum"}  # type: ignore[method-assign, assignment, return-value]
    assert any("POST /api/v1/notes" in broken for broken in promises_broken(app_with(store)))


@only_sqlite
def test_every_route_of_the_interface_is_in_the_document_and_no_other(client: FlaskClient) -> None:
    document = client.get(DOCUMENT).get_json()
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    there = {
        (re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described <= there
    assert {(path, method) for path, method in there if path.startswith("/api/")} <= described


@only_sqlite
def test_everything_in_the_document_has_words(client: FlaskClient) -> None:
    document = client.get(DOCUMENT).get_json()
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    parameters = [parameter for operation in operations for parameter in operation.get("parameters", ())]
    assert all(operation["summary"] for operation in operations)
    assert [one["name"] for one in parameters if not one.get("description")] == []
    for name, schema in document["components"]["schemas"].items():
        assert schema["description"], name
        assert [field for field, inner in schema["properties"].items() if "description" not in inner] in (
            [],
            ["status"],
        )


@only_sqlite
def test_who_has_the_document_is_told_so(client: FlaskClient) -> None:
    first = client.get(DOCUMENT)
    assert (first.content_type, first.headers["Cache-Control"]) == ("application/json", "no-cache")
    assert client.get(DOCUMENT, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    elsewhere = client.get(DOCUMENT, base_url="http://wiki.example/kb/")
    assert elsewhere.headers["ETag"] != first.headers["ETag"]


@only_sqlite
def test_the_document_knows_the_path_it_is_served_below(client: FlaskClient) -> None:
    assert client.get(DOCUMENT).get_json()["servers"] == [{"url": "/"}]
    below = client.get(DOCUMENT, base_url="http://wiki.example/kb/").get_json()
    assert below["servers"] == [{"url": "/kb"}]
    assert client.get("/api/v1/search?query=x", base_url="http://wiki.example/kb/").status_code in (200, 503)


@pytest.fixture
def about(publish: Publish) -> None:
    """The page of the interface, as the sample wiki has it."""
    own = page("api", "Whatever the pages show can be had by a program.", title="For programs", url="about/api/")
    publish(replace(own, shell="api", meta={"search": {"exclude": False}}))


@only_sqlite
@pytest.mark.usefixtures("about")
def test_the_page_shows_every_route_and_everything_it_names(client: FlaskClient) -> None:
    answer = client.get("/about/api/")
    document = client.get(DOCUMENT).get_json()
    for path in document["paths"]:
        assert path in answer.text
    for name in document["components"]["schemas"]:
        assert f'id="{name}"' in answer.text
    ids = set(re.findall(r'id="([^"]+)"', answer.text))
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= ids
    assert "a whole number from 1 to 50" in answer.text
    assert "<script" not in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY


@only_sqlite
@pytest.mark.usefixtures("about")
def test_the_page_can_be_tried_where_it_is_read(client: FlaskClient) -> None:
    text = client.get("/about/api/", base_url="http://wiki.example/kb/").text
    assert "curl &#39;http://wiki.example/kb/api/v1/search?query=qualified+lead&amp;limit=5&#39;" in text


@only_sqlite
@pytest.mark.usefixtures("about")
def test_the_page_is_found_by_the_search_it_describes(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?query=for+programs").get_json()
    assert [hit["url"] for hit in found["hits"]] == ["about/api/"]


@only_sqlite
def test_a_wiki_that_has_another_page_there_keeps_it(client: FlaskClient, publish: Publish) -> None:
    publish(page("api", title="Our own", url="about/api/"))
    assert "Our own" in client.get("/about/api/").text


@only_sqlite
def test_a_wiki_without_the_page_has_it_from_the_server(client: FlaskClient, publish: Publish) -> None:
    publish(page("a"))
    assert "/api/v1/search" in client.get("/about/api/").text


def test_an_example_with_an_apostrophe_is_still_one_command() -> None:
    document = app_with(Store()).test_client().get(DOCUMENT).get_json()
    document["components"]["schemas"]["Draft"]["properties"]["text"]["examples"] = ["It's Monday"]
    shown = view(document, "http://wiki.example")["subjects"]["Notes"]
    create = next(one for one in shown if one["method"] == "POST")
    assert '{"text": "It\'s Monday"}' in shlex.split(create["example"])


def test_the_page_shows_how_a_body_is_sent() -> None:
    document = app_with(Store()).test_client().get(DOCUMENT).get_json()
    shown = view(document, "http://wiki.example")["subjects"]["Notes"]
    create = next(one for one in shown if one["method"] == "POST")
    assert create["example"] == (
        "curl -X POST -H 'Content-Type: application/json' "
        """-d '{"text": "Call back on Monday"}' 'http://wiki.example/api/v1/notes'"""
    )
    assert [field["place"] for field in create["parameters"]] == ["header"]
    one = next(one for one in shown if one["id"] == "notes-one")
    assert one["example"] == "curl 'http://wiki.example/api/v1/notes/1'"
