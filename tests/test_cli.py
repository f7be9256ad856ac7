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
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )


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
