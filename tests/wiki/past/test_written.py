"""In a shallow clone it is said what is missing, and a file that was committed can carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pasts import Past, prose, url_of

from kb_server.pages.history import Address, History, Removed, Target
from kb_server.wiki.past import history, with_written, written

if TYPE_CHECKING:
    from pathlib import Path

TEXT = f"# Leads\n\n{prose(1)}\n\n## Score\n\n{prose(2)}\n"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    past = Past(tmp_path / "wiki")
    past.commit(old=TEXT, gone=f"# Gone\n\n{prose(8)}\n")
    past.commit("No use", gone=None)
    past.commit(old=None, new=TEXT)
    past.commit(new=TEXT.replace("## Score", "## Points"))
    return past


@pytest.fixture
def shallow(past: Past, tmp_path: Path) -> Past:
    past.git("clone", "-q", "--depth", "1", f"file://{past.folder}", str(tmp_path / "shallow"))
    clone = Past.__new__(Past)
    clone.folder, clone.docs, clone.time = tmp_path / "shallow", tmp_path / "shallow/docs", past.time
    return clone


def test_a_shallow_clone_says_since_when_it_knows(past: Past, shallow: Past) -> None:
    found = shallow.history()
    assert (found.complete, found.since) == (False, "2026-01-04")
    assert "old/" not in found.addresses
    assert "before 2026-01-04" in written.missing(found)
    assert "unshallow" in written.missing(found)
    assert written.missing(past.history()) == ""


@pytest.mark.parametrize("lacking", ["blob:none", "blob:limit=300", "tree:0"])
def test_a_partial_clone_says_nothing_rather_than_something_wrong(past: Past, tmp_path: Path, lacking: str) -> None:
    past.git("config", "uploadpack.allowFilter", "true")
    past.git("clone", "-q", f"--filter={lacking}", f"file://{past.folder}", str(tmp_path / "partial"))
    found = history(tmp_path / "partial", "docs", past.pages(), url_of, tmp_path / "cache")
    assert (found.complete, list(found.addresses)) == (False, ["new/"])
    assert "Nothing is known of the past: git cannot tell it here (`git log` says why" in written.missing(found)
    filled = with_written(found, past.history(), tmp_path / "partial", past.pages())
    assert filled.addresses["old/"].now == Target("new")
    assert not filled.complete


def test_a_file_carries_what_a_shallow_clone_lacks(past: Past, shallow: Past, tmp_path: Path) -> None:
    written.write(past.history(), tmp_path / "history.json")
    known = written.read(tmp_path / "history.json")
    assert known == past.history()
    found = with_written(shallow.history(), known, shallow.folder, shallow.pages())
    assert found.complete
    assert found.addresses["old/"].now == Target("new")
    assert found.addresses["old/"].sections["score"] == Target("new", "points")
    removed = found.addresses["gone/"].removed
    assert isinstance(removed, Removed)
    assert removed.why == "No use"


def test_a_file_carries_ids_that_pages_had_and_names_that_several_parts_had(past: Past, tmp_path: Path) -> None:
    example = f"# Leads\n\n{prose(1)}\n\n## Example\n\n{prose(31)}\n"
    past.commit(note=f"---\nid: a-note\n---\n# Note\n\n{prose(51)}\n", book=f"# Book\n\n{prose(52, 12)}\n")
    past.commit(note=None, book=f"# Book\n\n{prose(52, 12)}\n\n## A note\n\n{prose(51)}\n")
    past.commit(new=f"{example}\n## Example\n\n{prose(32)}\n")
    past.commit(new=example.replace(prose(31), prose(32)))
    known = past.history()
    assert (known.ids, known.addresses["new/"].others) == ({"a-note": "note/"}, {"example": ()})
    past.git("clone", "-q", "--depth", "1", f"file://{past.folder}", str(tmp_path / "shallow"))
    found = history(tmp_path / "shallow", "docs", past.pages(), url_of, tmp_path / "cache")
    assert (found.ids, found.addresses["new/"].others) == ({}, {})
    filled = with_written(found, known, tmp_path / "shallow", past.pages())
    assert (filled.ids, filled.addresses["new/"].others) == (known.ids, known.addresses["new/"].others)
    assert with_written(known, found, past.folder, past.pages()) == known


def test_what_was_renamed_since_the_file_was_written_is_followed(past: Past, shallow: Past) -> None:
    known = past.history()
    shallow.git("mv", "docs/new.md", "docs/newest.md")
    shallow.commit()
    found = with_written(shallow.history(), known, shallow.folder, shallow.pages())
    assert found.addresses["old/"].now == Target("newest")


def test_a_gap_between_file_and_clone_is_not_called_complete(past: Past, tmp_path: Path) -> None:
    known = past.history()
    past.commit(between="# Between\n")
    past.commit(between=None)
    past.git("clone", "-q", "--depth", "1", f"file://{past.folder}", str(tmp_path / "shallow"))
    pages = past.pages()
    found = history(tmp_path / "shallow", "docs", pages, url_of, tmp_path / "cache")
    filled = with_written(found, known, tmp_path / "shallow", pages)
    assert not filled.complete
    assert filled.addresses["old/"].now == Target("new")


def test_a_file_that_names_a_page_that_is_gone_leads_nowhere_wrong(past: Past) -> None:
    known = past.history()
    past.commit("Away", new=None)
    found = with_written(past.history(), known, past.folder, past.pages())
    assert found.addresses["old/"].now is None


def test_what_git_knows_of_a_removed_page_goes_before_what_the_file_does() -> None:
    then, later = Removed("Fairs", "2026-01-02", "Then"), Removed("Fairs", "2026-06-03", "Later")
    known = History(addresses={url: Address(None, removed=then) for url in ("again/", "known/", "unknown/")})
    here = Address(Target("again"))
    found = History(addresses={"again/": here, "known/": Address(None, removed=later), "unknown/": Address(None)})
    filled = written.filled(found, known, ids=["again"], whole=True)
    assert [address.removed for address in filled.addresses.values()] == [None, later, then]
    assert filled.addresses["again/"] == here


def test_an_address_whose_page_nobody_knows_any_more_is_still_an_address() -> None:
    known = History(addresses={"lost/": Address(Target("lost"), {"part": Target("lost", "x")})})
    filled = written.filled(History(), known, ids=[], whole=False)
    assert filled.addresses == {"lost/": Address(None, {"part": None})}


def test_without_git_the_file_is_all_there_is(past: Past, tmp_path: Path) -> None:
    known = past.history()
    past.folder.joinpath(".git").rename(tmp_path / "away")
    found = with_written(past.history(), known, past.folder, past.pages())
    assert found.addresses["old/"].now == Target("new")
    assert not found.complete
    assert isinstance(found, History)
