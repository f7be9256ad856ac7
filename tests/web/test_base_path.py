"""The wiki below a path, and one server per folder."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from processes import PATIENCE

from kb_server.errors import Conflict
from kb_server.web.serving import below, is_served, only_server


def place(base: str, path: str) -> tuple[str, str]:
    seen: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], _start: object) -> list[bytes]:
        seen.append(environ)
        return []

    below(base, app)({"SCRIPT_NAME": "", "PATH_INFO": path}, None)
    return seen[0]["SCRIPT_NAME"], seen[0]["PATH_INFO"]


def test_the_bare_path_is_redirected_for_its_links_would_lead_astray() -> None:
    told: list[object] = []
    assert below("https://example.com/kb/", list)({"PATH_INFO": "/kb"}, lambda *words: told.extend(words)) == []
    assert told == ["308 Permanent Redirect", [("Location", "/kb/"), ("Content-Length", "0")]]


def test_the_known_address_counts_not_the_one_the_asker_names() -> None:
    seen: list[dict[str, Any]] = []
    asked = {"PATH_INFO": "/", "HTTP_HOST": "evil.example", "wsgi.url_scheme": "http"}
    below("https://wiki.example.com/", lambda environ, _: seen.append(environ) or [])(asked, None)
    assert (seen[0]["HTTP_HOST"], seen[0]["wsgi.url_scheme"]) == ("wiki.example.com", "https")


@pytest.mark.parametrize(
    ("path", "inside"),
    [("/kb/a/", "/a/"), ("/kb/", "/"), ("/a/", "/a/"), ("/kbx/", "/kbx/"), ("/healthz", "/healthz")],
)
def test_it_does_not_matter_whether_the_proxy_takes_the_path_away(path: str, inside: str) -> None:
    assert place("https://example.com/kb/", path) == ("/kb", inside)


def test_at_the_root_nothing_is_changed() -> None:
    assert place("", "/a/") == ("", "/a/")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other server will not end; nobody has to wait for it as long as in earnest."""
    monkeypatch.setattr("kb_server.web.serving.PATIENCE", 0.05)


@pytest.mark.usefixtures("impatient")
def test_one_server_runs_per_folder(tmp_path: Path) -> None:
    assert not is_served(tmp_path)
    with only_server(tmp_path, None):
        assert is_served(tmp_path)
        with pytest.raises(Conflict, match="Another kb server"), only_server(tmp_path, None):
            pass
    assert not is_served(tmp_path)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("folder", ["", "a", "b"])
def test_one_server_runs_per_database_file_whatever_the_folder(tmp_path: Path, folder: str) -> None:
    file = tmp_path / folder / "kb.sqlite3"
    for name in "ab":
        (tmp_path / name).mkdir()
    with (
        only_server(tmp_path / "a", file),
        pytest.raises(Conflict, match="Another kb server"),
        only_server(tmp_path / "b", file),
    ):
        pass


def test_asking_whether_a_server_runs_does_not_keep_one_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb_server.web.serving.PATIENCE", PATIENCE)  # many ask, again and again
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            is_served(tmp_path)

    asker = threading.Thread(target=ask)
    asker.start()
    for _ in range(100):
        with only_server(tmp_path, None):
            pass
    stop.set()
    asker.join()
