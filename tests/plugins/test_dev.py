"""The development server: what is saved is seen and found, and what is wrong is said in the browser."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer
from ports import free_port
from processes import PATIENCE

from kb_mkdocs import dev
from kb_mkdocs.compiled import Compiled

ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    """A development server of the wiki in `home`."""

    home: Path
    base: str

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, policy and text of an answer."""
        try:
            with urllib.request.urlopen(self.base + path, timeout=PATIENCE) as answer:
                return answer.status, answer.headers.get("Content-Security-Policy", ""), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, "", error.read().decode()

    def wait_for(self, path: str, there: Callable[[int, str], bool]) -> str:
        """The answer, as soon as it is as expected."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            status, _, text = self.get(path)
            if there(status, text):
                return text
        raise AssertionError(f"{path} is still: {self.get(path)}")


@pytest.fixture
def served(wiki: Callable[..., Path], tmp_path: Path) -> Iterator[Served]:
    home = wiki(
        {
            "index.md": "# Start\n\n[Lead](lead.md)\n",
            "lead.md": "---\nid: lead\n---\n# Lead\n\nAbout zebras.\n",
            "search.md": "---\nid: search\nkb_shell: search\n---\n# Search\n",
        },
        more="site_url: https://example.com/wiki/",
    )
    port = free_port()
    command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "-q", "--dev-addr", f"127.0.0.1:{port}"]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "KB_DATA_DIR": str(tmp_path / "data")}
    with subprocess.Popen(command, cwd=home, env=environment) as process:
        served = Served(home, f"http://127.0.0.1:{port}/wiki/")
        _wait_until_open(port)
        yield served
        process.terminate()  # whoever runs tests in the background may have them ignore an interrupt


@pytest.mark.slow
def test_what_is_saved_is_seen_found_and_refused_when_wrong(served: Served) -> None:
    page = served.home / "docs" / "lead.md"
    status, policy, html = served.get("lead/")
    script = re.findall(r"<script>((?:(?!<script>).)*livereload\(.*?)</script>", html, re.DOTALL)
    assert status == 200
    assert len(script) == 1, "the page reloads by itself"
    assert "unsafe" not in policy
    assert len(re.findall("sha256-", policy.partition("style-src")[0])) >= 2, "its one script is allowed, no other"
    assert "About zebras" in html

    assert _found(served, "zebra") == ["lead/"]
    assert "zebra" in served.get("search/?query=zebra")[2]
    assert "About zebras" in served.get("p/lead/")[2]
    assert served.get("nowhere/")[0] == 404
    assert served.get("_kb/manifest.json")[0] == 404

    page.write_text("---\nid: lead\n---\n# Lead\n\nAbout okapis.\n")
    served.wait_for("lead/", lambda _, text: "About okapis" in text)
    assert _found(served, "okapi") == ["lead/"]
    assert _found(served, "zebra") == []

    page.write_text("---\nid: lead\nkind: mystery\n---\n# Lead\n\nAbout gnus.\n")
    said = served.wait_for("lead/", lambda status, _: status == 500)
    assert "docs/lead.md:3: there is no kind &#x27;mystery&#x27;" in said
    assert "livereload(" in said, "and the page reloads once it is mended"

    page.write_text("---\nid: lead\n---\n# Lead\n\nAbout gnus.\n")
    served.wait_for("lead/", lambda status, text: status == 200 and "About gnus" in text)


def test_the_private_parts_of_mkdocs_server_that_we_rely_on_are_there() -> None:
    server = LiveReloadServer(builder=lambda: None, host="127.0.0.1", port=0, root=".", mount_path="/wiki/")
    assert server._visible_epoch == server._wanted_epoch
    assert server._epoch_cond.wait_for(lambda: True)
    assert server._watched_paths == {}
    injected = server._inject_js_into_html(b"<body></body>", 7)
    assert dev._INJECTED.search(injected), "the script to allow is found"
    server.server_close()


def test_everything_watched_before_is_still_watched_more_often(tmp_path: Path) -> None:
    server = LiveReloadServer(builder=lambda: None, host="127.0.0.1", port=0, root=".")
    server.watch(str(tmp_path))
    server.watch(str(tmp_path))
    dev.look_often(server)
    assert list(server._watched_paths) == [str(tmp_path)]
    assert server.observer.timeout == dev.LOOK_EVERY
    server.server_close()


def test_templates_styles_and_teams_are_watched_too(wiki: Callable[..., Path]) -> None:
    home = wiki({"index.md": "# Start\n"}, teams="teams: {}\n")
    (home / "overrides").mkdir()
    config = load_config(str(home / "mkdocs.yml"), theme={"name": "material", "custom_dir": str(home / "overrides")})
    names = {
        path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        for path in dev.watched(config, "teams.yml")
    }
    ours = {
        "plugins/kb_mkdocs/assets",
        "plugins/kb_mkdocs/templates",
        "kb_server/search/templates",
        "kb_server/web/templates",
    }
    assert names >= ours | {"teams.yml", "overrides"}


def test_a_changed_template_is_compiled_anew() -> None:
    compiled = Compiled()

    def rendered(source: str) -> str:
        return Environment(loader=DictLoader({"a": source}), bytecode_cache=compiled).get_template("a").render()

    assert [rendered("one"), rendered("one"), rendered("two")] == ["one", "one", "two"]


def _found(served: Served, word: str) -> list[str]:
    answer = json.loads(served.get(f"api/v1/search?query={word}&exact=1")[2])
    return [hit["url"] for hit in answer["hits"]]


def _wait_until_open(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("the development server does not start")
