"""Each forge is asked as its description says; whatever it answers otherwise is one sentence for people."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Response
from forges.forge_servers import SERVERS, TOKEN, Server

from kb_server.config import Settings
from kb_server.forges import asking
from kb_server.forges.choosing import editor_url, forge_of, path_in
from kb_server.forges.models import Forge, ForgeError, Proposal, Taken
from kb_server.forges.proposing import propose

PATH, OTHER = "wiki/docs/what we do.md", "wiki/docs/ä/new.md"
TEXT = "# What we do\r\n\r\nÄ text — with “all” sorts. 🙂\r\n"


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with SERVERS[request.param]({PATH: TEXT, "README.md": "x", "wiki/docs/link.md": "link to /etc/passwd"}) as running:
        yield running


@pytest.fixture
def settings(server: Server) -> Settings:
    name = next(name for name, kind in SERVERS.items() if type(server) is kind)
    return Settings(
        forge=name, forge_url=server.url, forge_repository="example/wiki", forge_folder="wiki", forge_token=TOKEN
    )


@pytest.fixture
def forge(settings: Settings) -> Forge:
    found = forge_of(settings)
    assert found is not None
    return found


@pytest.fixture
def proposal(server: Server) -> Proposal:
    return Proposal(
        branch="suggestion/S-12",
        base="main",
        start=server.repository.branches["main"],
        title="Say it better",
        body="Why.\n\nCloses: S-12",
        message="Say it better\n\nCloses: S-12\nSuggested-by: Zoë",
        author_name="Zoë",
        author_email="zoe@example.com",
        files={PATH: TEXT.replace("text", "better text"), OTHER: "# New\n"},
        new=frozenset({OTHER}),
    )


def test_a_proposal_becomes_one_commit_of_whoever_suggested_it_and_a_pull_request(
    server: Server, forge: Forge, proposal: Proposal
) -> None:
    it, before = server.repository, server.repository.tip("main")
    address = propose(forge, proposal)
    made = it.tip("suggestion/S-12")
    assert made.files == {**before.files, **proposal.files}
    assert (made.parents, made.message) == ((before.id,), proposal.message)
    assert made.author == {"name": "Zoë", "email": "zoe@example.com"}
    assert made.committer["name"] == "Wiki Bot"
    assert it.tip("main") == before
    assert [(one["title"], one["body"], one["base"]) for one in it.requests] == [
        ("Say it better", "Why.\n\nCloses: S-12", "main")
    ]
    assert address.startswith(f"{server.url}/example/wiki/")
    assert propose(forge, proposal) == address, "asking again gives the one that is there"
    assert len(it.requests) == 1


def test_a_try_that_came_half_way_is_gone_on_with_and_somebody_elses_branch_is_left_alone(
    server: Server, forge: Forge, proposal: Proposal
) -> None:
    forge.push(proposal)
    half = server.repository.branches["suggestion/S-12"]
    assert propose(forge, proposal)
    assert server.repository.branches["suggestion/S-12"] == half
    other = replace(proposal, files={PATH: "something else"}, new=frozenset())
    for state in ("open", "closed"):
        server.repository.requests[0]["state"] = state
        with pytest.raises(Taken, match="There is a branch suggestion/S-12 with other texts"):
            propose(forge, other)
    assert server.repository.branches["suggestion/S-12"] == half


def test_two_who_apply_at_the_same_moment_get_the_same_pull_request(
    server: Server, forge: Forge, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, looked = propose(forge, proposal), []

    def not_yet(branch: str, base: str) -> str:
        looked.append(branch)
        return "" if len(looked) == 1 else type(forge).opened(forge, branch, base)

    monkeypatch.setattr(forge, "opened", not_yet)
    assert propose(forge, proposal) == first
    assert len(server.repository.requests) == 1


def test_what_somebody_changed_meanwhile_is_not_undone(server: Server, forge: Forge, proposal: Proposal) -> None:
    server.repository.change(PATH, "Changed since.\n")
    try:
        propose(forge, proposal)
    except Taken:
        assert "suggestion/S-12" not in server.repository.branches
    else:  # the branch begins where the text was read, so merging sees both changes
        assert server.repository.tip("suggestion/S-12").parents == (proposal.start,)


def test_a_file_is_read_as_it_is_and_none_where_there_is_none(server: Server, forge: Forge) -> None:
    start = forge.head("main")
    assert start == server.repository.branches["main"]
    assert forge.file(PATH, start) == TEXT
    assert forge.file(PATH, "main") == TEXT
    assert forge.file("wiki/docs/none.md", start) is None
    assert "root" not in (forge.file("wiki/docs/link.md", start) or "")


FAULTS = {
    "redirect": (301, {"Location": "https://elsewhere.example.com/"}, "{}", "has moved"),
    "wrong token": (401, {}, '{"message": "Bad credentials"}', "has to get a new one"),
    "no right": (403, {}, '{"message": "Resource not accessible"}', "needs the right to write"),
    "asked too often": (403, {"X-RateLimit-Remaining": "0"}, "{}", "asked too often"),
    "asked far too often": (429, {"Retry-After": "60"}, "{}", "asked too often"),
    "not there": (404, {}, '{"message": "Not Found"}', "knows no example/wiki"),
    "conflict": (409, {}, "{}", r"does not take this \(409\)"),
    "invalid": (422, {}, "{}", r"does not take this \(422\)"),
    "teapot": (418, {}, "{}", r"does not take this \(418\)"),
    "broken": (502, {}, "<h1>Bad gateway</h1>", r"trouble of its own \(502\)"),
    "a page": (200, {}, "<!doctype html><title>Sign in</title>", "is no Git"),
    "nothing": (200, {}, "", "is no Git"),
    "deep": (200, {}, "[" * 100_000, "is no Git"),
    "something else": (200, {}, '{"sha": {}}', "without saying"),
    "a list": (200, {}, "[[]]", "without saying"),
    "large": (200, {}, "x" * (asking.LARGEST + 1), "more than can be read"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_forge_answers_otherwise_is_a_sentence_without_the_token(
    server: Server, forge: Forge, proposal: Proposal, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    status, headers, text, sentence = FAULTS[fault]
    server.fault = lambda: Response(text, status, headers)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ForgeError, match=sentence) as raised:
        forge.head("main")
    if fault != "a list":
        with pytest.raises(ForgeError):
            propose(forge, proposal)
    assert TOKEN not in f"{raised.value!r} {caplog.text} {forge!r} {vars(forge)!r}"
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    assert not server.repository.requests


def test_no_redirect_takes_the_token_along(server: Server, forge: Forge) -> None:
    server.fault = lambda: Response("", 307, {"Location": f"{server.url}/elsewhere"})
    with pytest.raises(ForgeError, match="has moved"):
        forge.head("main")
    assert len(server.asked) == 1


def test_a_forge_that_is_slow_or_away_is_not_waited_for(
    forge: Forge, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(asking, "PATIENCE", 0.05)
        slow = forge_of(replace(settings, forge_url=f"http://127.0.0.1:{silent.getsockname()[1]}"))
        assert slow is not None
        with pytest.raises(ForgeError, match="takes too long"):
            slow.head("main")
    with pytest.raises(ForgeError, match=r"cannot be reached at 127\.0\.0\.1"):
        slow.head("main")
    monkeypatch.setattr(asking, "PATIENCE", 10)
    monkeypatch.setattr(asking, "LONGEST_WAIT", -1)
    with pytest.raises(ForgeError, match="takes too long"):
        forge.head("main")


def test_the_token_of_another_account_on_this_machine_does_not_come_before_the_wikis(
    server: Server, forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert forge.head("main") == server.repository.branches["main"]


def test_without_a_token_people_are_led_to_the_file_at_the_forge(settings: Settings, server: Server) -> None:
    settings = replace(settings, forge_token="", forge_url="https://git.example.com")
    assert forge_of(settings) is None
    old, new = editor_url(settings, "docs/what we do.md"), editor_url(settings, "docs/a/b.md", is_new=True)
    at = "https://git.example.com/example/wiki"
    assert (old, new) == {
        "github": (f"{at}/edit/main/wiki/docs/what%20we%20do.md", f"{at}/new/main?filename=wiki/docs/a/b.md"),
        "gitlab": (f"{at}/-/edit/main/wiki/docs/what%20we%20do.md", f"{at}/-/new/main?file_name=wiki/docs/a/b.md"),
        "gitea": (f"{at}/_edit/main/wiki/docs/what%20we%20do.md", f"{at}/_new/main/wiki/docs/a"),
    }[settings.forge]
    assert path_in(replace(settings, forge_folder=""), "docs/a.md") == "docs/a.md"
    assert editor_url(replace(settings, forge=""), "docs/a.md") == ""
    assert server.asked == []
