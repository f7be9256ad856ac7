"""The command line as an operator meets it: as a process, with exit codes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each test starts a Python or two


def kb(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from kb_server.cli import main; main()", *words]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("kb: ")
    return done.stderr


def test_config_lists_every_setting_with_its_origin(tmp_path: Path) -> None:
    done = kb("config", "--json", KB_DATA_DIR=str(tmp_path), KB_PORT="8123")
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["KB_PORT"]["from"] == "environment, KB_PORT"
    assert rows["KB_HOST"]["from"] == "default"


def test_an_unknown_setting_is_one_sentence(tmp_path: Path) -> None:
    assert "KB_DATA_DIRR" in one_sentence(kb("config", KB_DATA_DIRR=str(tmp_path)))


def test_a_missing_wiki_is_one_sentence(tmp_path: Path) -> None:
    assert "mkdocs.yml" in one_sentence(kb("build", "-f", str(tmp_path / "mkdocs.yml")))


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "mkdocs.yml").write_text("")
    message = one_sentence(
        kb("builds", "-f", str(tmp_path / "mkdocs.yml"), KB_DATA_DIR=str(tmp_path / "file" / "data"))
    )
    assert "KB_DATA_DIR" in message


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        message = one_sentence(kb("serve", KB_DATA_DIR=str(tmp_path), KB_PORT=str(taken.getsockname()[1])))
    assert "KB_PORT" in message


def test_a_database_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "kb.sqlite3").write_text("this is no database, and long enough to be looked at" * 40)
    assert "database" in one_sentence(kb("builds", KB_DATA_DIR=str(tmp_path)))


def test_a_database_in_a_place_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    url = f"sqlite:///{tmp_path}/file/kb.sqlite3"
    one_sentence(kb("builds", KB_DATA_DIR=str(tmp_path), KB_DATABASE_URL=url))


def test_a_wiki_without_the_plugin_is_told_the_line_it_needs(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home")
    (tmp_path / "mkdocs.yml").write_text("site_name: W\ntheme: {name: material}\n")
    done = kb("build", "-f", str(tmp_path / "mkdocs.yml"))
    assert done.returncode == 2
    assert "- kb" in done.stderr.splitlines()[-1]


def test_looking_without_a_word_takes_the_minus(tmp_path: Path) -> None:
    done = kb("search", "lead", "-foo", KB_DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_a_wiki_needs_teams(tmp_path: Path) -> None:
    command = ["init", str(tmp_path / "w"), "--company", "C", "--liaison", "L", "--forge", ""]
    done = subprocess.run(
        [sys.executable, "-c", "from kb_server.cli import main; main()", *command],
        input=",\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "teams" in done.stderr


def test_what_lies_in_the_data_folder_is_for_its_user_alone(tmp_path: Path) -> None:
    kb("builds", KB_DATA_DIR=str(tmp_path / "data"))
    modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "data", *(tmp_path / "data").iterdir())}
    assert not any(modes.values()), modes
