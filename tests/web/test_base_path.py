"""The wiki below a path, and one server per folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb_server.errors import Conflict
from kb_server.web.serving import below, is_served, only_server


def place(base: str, path: str) -> tuple[str, str]:
    seen: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], _start: object) -> list[bytes]:
        seen.append(environ)
        return []

    below(base, app)({"SCRIPT_NAME": "", "PATH_INFO": path}, None)
    return seen[0]["SCRIPT_NAME"], seen[0]["PATH_INFO"]


@pytest.mark.parametrize(
    ("path", "inside"),
    [("/kb/a/", "/a/"), ("/kb/", "/"), ("/kb", "/"), ("/a/", "/a/"), ("/kbx/", "/kbx/"), ("/healthz", "/healthz")],
)
def test_it_does_not_matter_whether_the_proxy_takes_the_path_away(path: str, inside: str) -> None:
    assert place("/kb/", path) == ("/kb", inside)


def test_at_the_root_nothing_is_changed() -> None:
    assert place("/", "/a/") == ("", "/a/")


def test_one_server_runs_per_folder(tmp_path: Path) -> None:
    assert not is_served(tmp_path)
    with only_server(tmp_path):
        assert is_served(tmp_path)
        with pytest.raises(Conflict, match="Another kb server"), only_server(tmp_path):
            pass
    assert not is_served(tmp_path)
