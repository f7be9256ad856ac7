"""Each forge is asked as its description says, and whatever becomes of that, there is one pull request in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from flask import jsonify
from forges import facts
from forges.conftest import BASE, NEW, OTHER, PATH, TEXT
from forges.serving import Server

from kb_server.config import Settings
from kb_server.forges import proposing
from kb_server.forges.choosing import editor_url, forge_of, path_in
from kb_server.forges.github import interface
from kb_server.forges.models import CLOSED, MERGED, OPEN, Forge, ForgeError, Proposal, Request, Taken

Propose = Callable[[Proposal], str]


@pytest.fixture
def propose(server: Server, forge: Forge) -> Propose:
    def has(wanted: Proposal, branch: str) -> bool:
        return all(forge.file(path, branch) in (text, server.as_kept(text)) for path, text in wanted.files.items())

    return lambda wanted: proposing.propose(forge, wanted, partial(has, wanted))


def test_a_proposal_becomes_one_commit_of_whoever_suggested_it_and_a_pull_request(
    server: Server, propose: Propose, proposal: Proposal
) -> None:
    it, before = server.repository, server.repository.files(BASE)
    address = propose(proposal)
    kept = {path: server.as_kept(text) for path, text in proposal.files.items()}
    assert it.files("suggestion/S-12") == before | kept
    made = it.said("suggestion/S-12")
    assert (made["parents"], made["message"].strip()) == (proposal.start, proposal.message)
    assert (made["author"], made["committer"]) == ("Zoë <zoe@example.com>", "Wiki Bot")
    assert it.tip(BASE) == proposal.start
    (asked,) = it.requests
    assert (asked.title, asked.body, asked.base) == (proposal.title, proposal.body, BASE)
    assert address.startswith(f"{server.url}/example/wiki/")
    assert address.endswith("/1")
    assert propose(proposal) == address, "asking again gives the one that is there"
    assert len(it.requests) == 1


def test_a_branch_that_an_earlier_try_left_is_gone_on_with(
    server: Server, forge: Forge, propose: Propose, proposal: Proposal
) -> None:
    forge.push(proposal)
    half = server.repository.tip("suggestion/S-12")
    assert propose(proposal)
    assert server.repository.tip("suggestion/S-12") == half
    assert [one.head for one in server.repository.requests] == ["suggestion/S-12"]


def test_whatever_answer_is_lost_trying_again_makes_no_second_pull_request(
    server: Server, propose: Propose, proposal: Proposal
) -> None:
    posted = [call.name for call in server.calls if call.method == "POST"]
    for name in posted:
        server.lost = {name}
        with pytest.raises(ForgeError, match="trouble of its own"):
            propose(proposal)
        server.lost = set()
        if name != posted[-1]:  # what one lost answer leaves behind must not hide the next
            server.repository.git("update-ref", "-d", "refs/heads/suggestion/S-12")
    assert propose(proposal).endswith("/1")
    assert len(server.repository.requests) == 1
    assert server.repository.git("for-each-ref", "--format=%(refname)", "refs/heads/suggestion").count("\n") == 0


def test_once_a_pull_request_was_closed_or_merged_the_next_one_has_a_branch_of_its_own(
    server: Server, propose: Propose, proposal: Proposal
) -> None:
    it = server.repository
    first = propose(proposal)
    other = replace(proposal, files={NEW: "# Other\n"})
    with pytest.raises(Taken, match="is proposed there with other texts"):
        propose(other)
    it.requests[0].state = "closed"
    assert propose(other) != first
    assert propose(other).endswith("/2")
    it.requests[1].state = "merged"
    assert propose(proposal).endswith("/3")
    assert [one.head for one in it.requests] == ["suggestion/S-12", "suggestion/S-12-2", "suggestion/S-12-3"]
    assert it.files("suggestion/S-12-2")[NEW] == "# Other\n"


def test_somebody_elses_branch_and_pull_request_of_that_name_are_left_alone(
    server: Server, propose: Propose, proposal: Proposal
) -> None:
    it = server.repository
    assert it.branch("suggestion/S-12", it.tip(BASE))
    theirs = it.change("README.md", "theirs", "suggestion/S-12")
    asked = it.ask("suggestion/S-12", BASE, "From a fork", "")
    assert asked
    asked.is_of_fork = True
    assert propose(proposal).endswith("/2")
    assert it.tip("suggestion/S-12") == theirs
    assert it.requests[1].head == "suggestion/S-12-2"


def test_two_who_apply_at_the_same_moment_get_the_same_pull_request(
    server: Server, forge: Forge, propose: Propose, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, looked = propose(proposal), []

    def not_yet(branch: str, base: str) -> Request | None:
        looked.append(branch)
        return None if len(looked) == 1 else type(forge).requested(forge, branch, base)

    monkeypatch.setattr(forge, "requested", not_yet)
    assert propose(proposal) == first
    assert len(server.repository.requests) == 1


def test_what_somebody_changed_meanwhile_is_not_undone(server: Server, propose: Propose, proposal: Proposal) -> None:
    server.repository.change(PATH, "Changed since.\n", BASE)
    try:
        propose(proposal)
    except Taken:
        assert not server.repository.tip("suggestion/S-12")
    else:  # the branch begins where the text was read, so merging sees both changes
        assert server.repository.said("suggestion/S-12")["parents"] == proposal.start


def test_a_file_is_read_as_it_is_and_none_where_there_is_none(server: Server, forge: Forge) -> None:
    start = forge.head(BASE)
    assert start == server.repository.tip(BASE)
    assert (forge.file(PATH, start), forge.file(PATH, "main")) == (TEXT, TEXT)
    for path in ("wiki/docs/none.md", "wiki/docs", "none/at/all.md", f"{OTHER}/x.md"):
        assert forge.file(path, start) is None, path
    assert forge.file(PATH, "no-such-branch") is None
    assert forge.file(OTHER, start) in (None, "../../README.md"), "a link is not followed"


def test_a_file_stays_the_kind_of_file_it_is(
    server: Server, forge: Forge, propose: Propose, proposal: Proposal
) -> None:
    it, ran = server.repository, "wiki/docs/run.md"
    propose(replace(proposal, files={ran: "# Run!\n"}, new=frozenset()))
    assert it.entry("suggestion/S-12", ran)[0] == "100755"
    with pytest.raises(Taken):
        forge.push(replace(proposal, branch="b", files={OTHER: "# Page\n"}, new=frozenset({OTHER})))
    assert not it.tip("b")


def test_how_a_pull_request_stands_is_asked_by_its_address(
    server: Server, forge: Forge, propose: Propose, proposal: Proposal
) -> None:
    address = propose(proposal)
    for at_the_forge, known in (("open", OPEN), ("closed", CLOSED), ("merged", MERGED)):
        server.repository.requests[0].state = at_the_forge
        assert proposing.state(forge, address) == known
    so_far = len(server.asked)
    for elsewhere in ("https://git.example.org/example/wiki/pull/1", forge.requests_at, f"{forge.requests_at}1/files"):
        assert proposing.state(forge, elsewhere) == ""
    assert len(server.asked) == so_far
    assert proposing.state(forge, f"{forge.requests_at}9") == ""


def test_an_address_in_an_answer_leads_nobody_elsewhere(server: Server, propose: Propose, proposal: Proposal) -> None:
    evil, last = "https://evil.example.org/", [call.name for call in server.calls][-1]
    wrong = {"number": 7, "iid": 7, "state": "open", "html_url": evil, "web_url": evil, "url": evil}
    server.fault = lambda name: jsonify(wrong) if name == last else None
    assert propose(proposal).startswith(f"{server.url}/example/wiki/")


def test_every_call_of_the_descriptions_is_made_and_no_other(
    server: Server, forge: Forge, propose: Propose, proposal: Proposal
) -> None:
    called: set[str] = set()
    server.fault = called.add  # type: ignore[assignment]
    assert forge.file(PATH, forge.head(BASE)) == TEXT
    assert proposing.state(forge, propose(proposal)) == OPEN
    assert called == {call.name for call in server.calls}


def test_what_is_sent_must_fit_the_description() -> None:
    for shape, wrong in (({"a!": str}, {}), ({"a": str}, {"a": "", "b": ""}), ({"a": int}, {"a": True})):
        assert not facts.fits(shape, wrong)
    for shape, wrong in (([{"a": str}], [{"a": 1}]), ({"x", "y"}, "z"), ({str, None}, 1)):
        assert not facts.fits(shape, wrong)
    assert facts.fits({"a!": {str, None}, "b": [int]}, {"a": None, "b": [1, 2]})


def test_without_a_token_people_are_led_to_the_file_at_the_forge(named: Settings, server: Server) -> None:
    settings = replace(named, forge_token="", forge_url="https://git.example.com", branch="süd/main")
    assert forge_of(settings) is None
    old, new = editor_url(settings, "docs/what we #do.md"), editor_url(settings, "docs/a/b&c.md", is_new=True)
    at, on = "https://git.example.com/example/wiki", "s%C3%BCd/main"
    file, page = "wiki/docs/what%20we%20%23do.md", "b%26c.md"
    assert (old, new) == {
        "github": (f"{at}/edit/{on}/{file}", f"{at}/new/{on}?filename=wiki/docs/a/{page}"),
        "gitlab": (f"{at}/-/edit/{on}/{file}", f"{at}/-/new/{on}?file_name=wiki/docs/a/{page}"),
        "gitea": (f"{at}/_edit/{on}/{file}", f"{at}/_new/{on}/wiki/docs/a?filename={page}"),
    }[settings.forge]
    assert path_in(replace(settings, forge_folder=""), "docs/a.md") == "docs/a.md"
    assert editor_url(replace(settings, forge=""), "docs/a.md") == ""
    assert server.asked == []


def test_github_is_asked_where_it_answers() -> None:
    assert interface("https://github.com") == "https://api.github.com"
    assert interface("https://octocorp.ghe.com") == "https://api.octocorp.ghe.com"
    assert interface("https://git.example.com") == "https://git.example.com/api/v3"
