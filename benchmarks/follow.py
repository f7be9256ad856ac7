"""A merge under `kb follow`: seconds from the push until a reader has it, without those of the build itself.

python benchmarks/follow.py [PAGES]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import wiki
from ports import free_port

from kb_server.db import Database
from kb_server.following import service

SECRET = "0123456789abcdef0123456789abcdef"
MERGES = 5
LIMIT = 900.0


def git(folder: Path, *arguments: str) -> None:
    who = {"GIT_AUTHOR_NAME": "Sam", "GIT_AUTHOR_EMAIL": "sam@example.com"}
    who |= {"GIT_COMMITTER_NAME": "Sam", "GIT_COMMITTER_EMAIL": "sam@example.com"}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=os.environ | who)


def push(desk: Path, text: str) -> None:
    (desk / "docs" / "index.md").write_text(f"# Home\n\n{text}\n")
    git(desk, "add", "-A")
    git(desk, "commit", "-q", "-m", text)
    git(desk, "push", "-q", "origin", "main")


def has(address: str, text: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return text in answer.read().decode()
    except OSError:
        return False


def until(address: str, text: str) -> float:
    began = time.perf_counter()
    while not has(address, text):
        if time.perf_counter() - began > LIMIT:
            raise SystemExit("never live")
        time.sleep(0.02)
    return time.perf_counter() - began


@contextmanager
def server(desk: Path, hub: Path, data: Path) -> Iterator[str]:
    port = free_port()
    follow = {"KB_FOLLOW": "yes", "KB_FOLLOW_URL": str(hub), "KB_FOLLOW_SECRET": SECRET, "KB_FOLLOW_SECONDS": "3600"}
    environment = os.environ | follow | {"KB_DATA_DIR": str(data), "KB_PORT": str(port)}
    command = [*wiki.KB, "serve", "--no-strict", "-f", str(desk / "kb.yml")]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def built(data: Path, before: str) -> tuple[str, float]:
    """The commit that is live, another one than `before`, and the seconds it took."""
    database = Database(f"sqlite:///{data / 'kb.sqlite3'}")
    try:
        while (status := service.status(database)).commit == before:
            time.sleep(0.02)
        return status.commit, status.seconds
    finally:
        database.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        desk, hub, data = (Path(name) / part for part in ("desk", "hub.git", "data"))
        desk.mkdir()
        pages = wiki.lay_out(desk, None, int(sys.argv[1]) if sys.argv[1:] else 300)
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(hub)], check=True)
        git(desk, "init", "-q", "-b", "main")
        git(desk, "remote", "add", "origin", str(hub))
        push(desk, "The first.")
        more, builds = [], []
        with server(desk, hub, data) as address:
            until(address, "The first.")
            commit, _ = built(data, "")
            for turn in range(MERGES):
                push(desk, f"Merge {turn}.")
                call = urllib.request.Request(
                    f"{address}hooks/follow", data=b"{}", headers={"X-Gitlab-Token": SECRET}, method="POST"
                )
                urllib.request.urlopen(call, timeout=10).close()
                live = until(address, f"Merge {turn}.")
                commit, seconds = built(data, commit)
                builds.append(seconds)
                more.append(live - builds[-1])
    print(
        f"{pages} pages, {MERGES} merges: live {min(more):.1f} to {max(more):.1f} s after the time their build took, "
        f"{min(builds):.1f} to {max(builds):.1f} s"
    )


if __name__ == "__main__":
    main()
