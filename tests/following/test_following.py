"""What is merged is published by itself, whatever becomes of the repository, the remote or the process."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from following.conftest import CONFIG, Hub
from following.test_beside_the_server import until
from processes import KB, PATIENCE
from stores import on_alone
from suggesting import House

from kb_server.builds import service as builds
from kb_server.config import Settings
from kb_server.db import Database, migrate
from kb_server.errors import Conflict, Invalid
from kb_server.following import service
from kb_server.following import storage as following
from kb_server.following.pacing import Pause
from kb_server.following.remote import of
from kb_server.following.service import Follower
from kb_server.suggestions.closing import storage as landed

pytestmark = pytest.mark.slow
HOLDING = """
import fcntl, os, subprocess, time
def on_config(config):
    held = open({held!r}, "a")
    fcntl.flock(held, fcntl.LOCK_SH)
    subprocess.Popen(["sleep", "1000"], pass_fds=[held.fileno()])
    while os.path.exists({stays!r}):
        time.sleep(1)
"""
"""A hook that leaves a process behind, and holds a file as long as any of both is there."""


def read(database: Database, settings: Settings) -> str:
    """The first page as it is served."""
    return (builds.current(database, settings).root / "index.html").read_text()


def problems(database: Database) -> list[str]:
    return service.problems(database, datetime.now(UTC), whole=True)


def is_free(held: Path) -> bool:
    """Whether nobody holds this file any more."""
    with held.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def kb_follow(settings: Settings, *options: str) -> subprocess.Popen[bytes]:
    follows = {"KB_FOLLOW_URL": settings.follow_url, "KB_FOLLOW_SECONDS": "1", "KB_DATA_DIR": str(settings.data_dir)}
    return subprocess.Popen([*KB, "follow", *options], env=os.environ | follows, stderr=subprocess.DEVNULL)


@on_alone("sqlite")
def test_a_merge_is_fetched_built_and_published(
    hub: Hub, follower: Follower, database: Database, settings: Settings, tmp_path: Path
) -> None:
    first = hub.past.git("rev-parse", "HEAD")
    hub.past.git("push", "-q", "origin", "main:refs/heads/aa/refs/heads/main")  # whose name ends as the branch's does
    assert follower.look()
    assert "Welcome." in read(database, settings)
    assert (service.status(database).commit, problems(database)) == (first, [])
    assert service.examined(database, datetime.now(UTC)) == (service.live(database), [])
    second = hub.push(index="# Home\n\nChanged.\n")
    assert follower.look()
    assert "Changed." in read(database, settings)
    assert builds.current(database, settings).manifest.commit == second
    builds.roll_back(database, settings)
    assert follower.look()
    assert "Welcome." in read(database, settings)  # until the next merge
    with closing(Database(f"sqlite:///{tmp_path / 'restored.sqlite3'}")) as restored:  # as one that knows nothing of it
        migrate(restored, tmp_path)
        assert Follower(restored, settings, lambda: False).look()
        assert "Changed." in read(restored, settings)


@on_alone("sqlite")
def test_a_node_that_is_slow_does_not_publish_over_one_that_was_faster(
    hub: Hub, follower: Follower, database: Database, settings: Settings, tmp_path: Path
) -> None:
    began, stays = tmp_path / "held", tmp_path / "stays"
    stays.touch()
    (hub.past.folder / "held.py").write_text(HOLDING.format(held=str(began), stays=str(stays)))
    (hub.past.folder / "mkdocs.yml").write_text(f"{CONFIG}hooks: [held.py]\n")
    hub.push(index="# Home\n\nFirst.\n")
    slow = threading.Thread(target=follower.look)
    other = replace(settings, data_dir=tmp_path / "other")
    slow.start()
    try:
        until(began.exists)
        (hub.past.folder / "mkdocs.yml").write_text(CONFIG)
        hub.push(index="# Home\n\nSecond.\n")
        assert Follower(database, other, lambda: False).look()
    finally:
        stays.unlink()
        slow.join()
    assert "Second." in read(database, other)


@on_alone("sqlite")
def test_whatever_becomes_of_the_repository_what_was_live_stays_until_there_is_something_new(
    hub: Hub, follower: Follower, database: Database, settings: Settings
) -> None:
    hub.push(index="# Home\n\nFirst.\n")
    assert follower.look()
    elsewhere = hub.bare.rename(hub.bare.with_name("away.git"))
    assert not follower.look()
    assert "First." in read(database, settings)
    assert "cannot be followed" in problems(database)[0]
    elsewhere.rename(hub.bare)
    hub.past.git("push", "-q", "origin", "main:kept")
    subprocess.run(["git", "-C", str(hub.bare), "branch", "-D", "-q", "main"], check=True)
    assert not follower.look()
    assert "no branch main" in service.status(database).trouble
    hub.past.git("reset", "-q", "--hard", "HEAD~1")  # another history, pushed over the first
    hub.push(index="# Home\n\nRewritten.\n")
    assert follower.look()
    assert "Rewritten." in read(database, settings)
    assert problems(database) == []
    hub.push(index="# Home\n\n[Nowhere](nowhere.md)\n")
    assert not follower.look()
    assert "cannot be built" in problems(database)[0]
    hub.past.git("push", "-q", "--force", "origin", "HEAD~1:main")  # that, too, is taking it back
    assert follower.look()
    assert problems(database) == []
    with database.read() as connection:
        assert following.told(connection) == ""
    assert service.problems(database, datetime.now(UTC) + timedelta(days=1)) == []  # who looked once promised no more


@on_alone("sqlite")
def test_what_a_build_starts_ends_with_it_and_it_with_whoever_follows(
    hub: Hub, follower: Follower, database: Database, settings: Settings, tmp_path: Path
) -> None:
    held, stays = tmp_path / "held", tmp_path / "stays"
    (hub.past.folder / "held.py").write_text(HOLDING.format(held=str(held), stays=str(stays)))
    (hub.past.folder / "mkdocs.yml").write_text(f"{CONFIG}hooks: [held.py]\n")
    hub.push(index="# Home\n\nFirst.\n")
    assert follower.look(), service.status(database)
    until(lambda: is_free(held))
    stays.touch()
    held.unlink()
    hub.push(index="# Home\n\nSecond.\n")
    process = kb_follow(settings)
    try:
        until(held.exists)
    finally:
        process.kill()
        process.wait()
    until(lambda: is_free(held))
    assert "First." in read(database, settings)


@on_alone("sqlite")
def test_it_ends_at_once_though_the_remote_does_not_answer(
    settings: Settings, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, ssh = tmp_path / "held", tmp_path / "ssh"
    ssh.write_text(f"#!/bin/sh\nexec 9>{held}\nflock 9\nexec sleep 1000\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    looks: list[bool] = []

    def ends() -> bool:
        looks.append(held.exists())
        return looks[-1]

    follower = Follower(database, replace(settings, follow_url="ssh://git@127.0.0.1/wiki.git"), ends)
    assert not follower.look()
    assert looks.count(True) > 1, "it is looked for while the remote says nothing, and once more when that is given up"
    until(lambda: is_free(held))
    assert service.status(database).trouble == ""


@on_alone("sqlite")
def test_neither_the_clone_nor_the_builds_grow_without_end(
    hub: Hub, follower: Follower, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OSError(28, "No space left on device")

    assert follower.look()
    hub.push(index="# Home\n\nSecond.\n")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(builds, "publish", away)
        assert not follower.look()
    left = settings.data_dir / "follow" / "clone" / "objects" / "17"  # where git looks whether there are too many
    left.mkdir(exist_ok=True)
    for number in range(20):
        (left / f"{number:038x}").touch()
        os.utime(left / f"{number:038x}", (0, 0))
    hub.push(index="# Home\n\nThird.\n")
    assert follower.look()
    assert not left.exists()
    assert len(list((settings.data_dir / "builds").iterdir())) == 2


@on_alone("sqlite")
def test_killed_at_any_moment_it_goes_on_where_it_was(hub: Hub, settings: Settings, database: Database) -> None:
    for turn, seconds in enumerate((0.9, 1.4, 2.0, 3.0)):
        hub.push(index=f"# Home\n\nTurn {turn}.\n")
        process = kb_follow(settings)
        time.sleep(seconds)  # wherever it is by now: fetching, laying out, building, publishing
        process.send_signal(signal.SIGKILL)
        process.wait()
    clone = settings.data_dir / "follow" / "clone"
    for lock in ("packed-refs.lock", "refs/remotes/origin/main.lock"):  # as git leaves them when it is killed
        (clone / lock).parent.mkdir(parents=True, exist_ok=True)
        (clone / lock).touch()
    hub.push(index="# Home\n\nThe end.\n")
    assert kb_follow(settings, "--once").wait(PATIENCE) == 0
    assert "The end." in read(database, settings)
    assert service.status(database).trouble == ""


@on_alone("sqlite")
def test_of_two_one_follows(settings: Settings) -> None:
    with service.alone(settings, lambda: False) as is_first:
        assert is_first
        with pytest.raises(Conflict, match="already"), service.alone(settings, lambda: False, waits=False):
            pass
        with service.alone(settings, lambda: True) as is_second:
            assert not is_second


@on_alone("sqlite")
def test_it_touches_nobodys_work_tree_and_runs_nothing_but_the_build(
    hub: Hub, settings: Settings, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Submodules, filters, hooks and templates are programs that a repository or a machine could name."""
    ran = tmp_path / "ran"
    home = tmp_path / "home"
    (home / "template" / "hooks").mkdir(parents=True)
    hook = home / "template" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    names = f'[filter "lfs"]\n\tsmudge = touch {ran} && cat\n[init]\n\ttemplateDir = {home / "template"}\n'
    (home / ".gitconfig").write_text(f"{names}[core]\n\thooksPath = {home / 'template' / 'hooks'}\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("KB_MAIL_URL", "smtp://kb:canary@mail.example.com")
    past = hub.past
    (past.folder / ".gitattributes").write_text("*.bin filter=lfs\n")
    (past.folder / "data.bin").write_text("version https://git-lfs.github.com/spec/v1\n")
    (past.folder / ".gitmodules").write_text(f'[submodule "x"]\n\tpath = x\n\turl = ext::touch {ran}\n')
    (past.folder / "told.py").write_text(
        "import os\ndef on_config(config):\n"
        f"    open({str(tmp_path / 'knows')!r}, 'w').write(' '.join(f'{{k}}={{v}}' for k, v in os.environ.items()))\n"
    )
    (past.folder / "mkdocs.yml").write_text(f"{CONFIG}hooks: [told.py]\n")
    hub.push()
    here = tmp_path / "here"
    subprocess.run(["git", "clone", "-q", str(hub.bare), str(here)], check=True, env=os.environ | {"HOME": "/"})
    before = sorted(here.rglob("*"))
    own = replace(settings, config_file=here / "mkdocs.yml", follow_url="")
    hub.push(index="# Home\n\nFrom origin.\n")
    follower = Follower(database, own, lambda: False)
    assert follower.look(), service.status(database)
    assert "From origin." in read(database, settings)
    assert sorted(here.rglob("*")) == before
    assert not ran.exists()
    assert "canary" not in (tmp_path / "knows").read_text()


@on_alone("sqlite")
def test_a_wiki_that_is_led_out_of_the_repository_by_a_link_is_not_built(
    hub: Hub, follower: Follower, database: Database, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.yml"
    (hub.past.folder / "mkdocs.yml").rename(outside)
    (hub.past.folder / "mkdocs.yml").symlink_to(outside)
    commit = hub.push()
    assert not follower.look()
    assert "There is no mkdocs.yml" in service.status(database).trouble  # whoever set it up has to know
    (hub.past.folder / "mkdocs.yml").unlink()
    outside.rename(hub.past.folder / "mkdocs.yml")
    hub.push()
    assert follower.look()
    hub.past.git("push", "-q", "--force", "origin", f"{commit}:main")
    assert not follower.look()
    assert service.status(database).trouble == ""
    assert "There is no mkdocs.yml" in service.status(database).broken.said[0]  # and now whoever took it away


@on_alone("sqlite")
@pytest.mark.parametrize(
    "url", ["ext::sh -c touch% /tmp/x", "--upload-pack=touch", "http://example.com/x.git", "x.git"]
)
def test_an_origin_that_is_no_plain_address_is_not_followed(settings: Settings, tmp_path: Path, url: str) -> None:
    here = tmp_path / "here"
    subprocess.run(["git", "init", "-q", str(here)], check=True)
    subprocess.run(["git", "-C", str(here), "config", "remote.origin.url", url], check=True)
    with pytest.raises(Invalid, match="KB_FOLLOW_URL"):
        of(replace(settings, follow_url="", config_file=here / "mkdocs.yml"))


@on_alone("sqlite")
def test_no_password_of_the_remote_is_told(settings: Settings, database: Database) -> None:
    follower = Follower(database, replace(settings, follow_url="https://kb:canary@127.0.0.1:9/x.git"), lambda: False)
    assert not follower.look()
    assert "canary" not in service.status(database).trouble


def test_the_pause_grows_with_each_failure_up_to_a_quarter_of_an_hour() -> None:
    seconds = [Pause(30, failures=failures).seconds for failures in (0, 1, 2, 10)]
    assert seconds == [30, 60, 120, 900]


@on_alone("sqlite")
def test_what_a_merge_says_of_a_suggestion_comes_about(hub: Hub, follower: Follower, database: Database) -> None:
    assert follower.look()
    house = House(database)
    one = house.ask("sam", "Welcome everybody")
    hub.push(f"Welcome everybody\n\nCloses: {one.name}", index="# Home\n\nWelcome, everybody.\n")
    assert follower.look()
    assert house.one(one).state == "done"
    (changed,) = house.read(landed.changes_of, one.number)
    assert (changed.before, changed.after) == ("Welcome.", "Welcome, everybody.")
