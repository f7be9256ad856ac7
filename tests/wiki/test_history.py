"""What git knows of a wiki, and that nothing breaks where it knows nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kb_server.wiki.history import head_commit, head_time


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, "1767225600 +0000")
    git(tmp_path, "init", "-q")
    identity = ("-c", "user.name=Sam", "-c", "user.email=sam@example.com")
    git(tmp_path, *identity, "commit", "-q", "--allow-empty", "-m", "Begin")
    return tmp_path


def test_a_checkout_knows_its_commit_and_when_it_was_made(checkout: Path) -> None:
    assert head_commit(checkout) == git(checkout, "rev-parse", "HEAD")
    assert head_time(checkout) == 1767225600


def test_a_folder_of_a_checkout_has_the_commit_of_the_whole(checkout: Path) -> None:
    (checkout / "docs").mkdir()
    assert head_commit(checkout / "docs") == head_commit(checkout)


def test_another_checkout_named_in_the_environment_is_not_meant(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = head_commit(checkout)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert head_commit(checkout) == here


def test_a_folder_that_is_no_checkout_has_no_commit(tmp_path: Path) -> None:
    assert head_commit(tmp_path) == ""
    assert head_time(tmp_path) == 0


def test_a_checkout_without_a_commit_has_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert head_commit(tmp_path) == ""


def test_a_folder_that_does_not_exist_has_no_commit(tmp_path: Path) -> None:
    assert head_commit(tmp_path / "nowhere") == ""


def test_a_machine_without_git_knows_no_commit(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert head_commit(checkout) == ""


def test_who_signed_a_commit_is_not_asked(checkout: Path, tmp_path: Path) -> None:
    program = tmp_path / "gpg.sh"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'asked'}\n")
    program.chmod(0o755)
    body = git(checkout, "cat-file", "-p", "HEAD").replace("\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n\n", 1)
    command = ["git", "-C", str(checkout), "hash-object", "-t", "commit", "-w", "--stdin"]
    made = subprocess.run(command, input=f"{body}\n", check=True, capture_output=True, text=True).stdout.strip()
    git(checkout, "reset", "-q", "--hard", made)
    for setting in ("log.showSignature=true", f"gpg.program={program}"):
        git(checkout, "config", *setting.split("=", 1))
    assert head_time(checkout) == 1767225600
    assert not (tmp_path / "asked").exists()
