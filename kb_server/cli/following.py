"""Following the trusted branch."""

from __future__ import annotations

import os
import signal
import sys
import threading

import click

from kb_server.cli import logs
from kb_server.cli.opening import FAILED, config_file, no_strict, settings_of, store


@click.command()
@config_file
@no_strict
@click.option("--once", is_flag=True, help="Look once, and end.")
@click.option("--beside", type=int, hidden=True, help="End with the process of this number, which started this one.")
def follow(config_file: str | None, beside: int | None, *, no_strict: bool, once: bool) -> None:
    """Publish what is merged on the trusted branch, by itself, and build previews of the other branches."""
    from kb_server.following import service
    from kb_server.previews.service import Previewer

    settings = settings_of(config_file)
    logs.begin()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())

    def ends() -> bool:
        return ended.is_set() or (beside is not None and os.getppid() != beside)

    with service.alone(settings, ends, waits=not once) as is_first, store(settings) as database:
        if not is_first:
            return
        follower = service.Follower(database, settings, ends, strict=not no_strict)
        follower.besides = Previewer(settings, follower.remote).look
        click.echo(f"Following {settings.branch}; Ctrl+C ends it.", err=True)
        if not once:
            follower.run()
            return
        is_live = follower.look()
        follower.look_besides()
        if not is_live:
            sys.exit(FAILED)
