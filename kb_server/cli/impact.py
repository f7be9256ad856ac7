"""What a change would do to what people rely on, told before it is merged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from kb_server.cli.opening import FAILED, config_file, require_wiki, settings_of, store

KINDS = {"suggestions": "closings", "definitions": "terms", "broken-links": "broken", "conversations": "talks"}


@click.command()
@config_file
@click.option("--format", "form", type=click.Choice(("markdown", "json")), default="markdown", show_default=True)
@click.option(
    "--fail-on", metavar="KINDS", default="", help=f"Exit code 1 where there are any: {', '.join(KINDS)}, by commas."
)
@click.option("--title", default="", metavar="TEXT", help="The title of the pull request, which its merge will have.")
@click.option("--own-config", is_flag=True, help="Build HEAD with its own configuration, which may run anything.")
@click.argument("commits", metavar="BASE..HEAD")
def impact(  # noqa: PLR0913  -- one parameter per option
    config_file: str | None, form: str, fail_on: str, title: str, commits: str, *, own_config: bool
) -> None:
    """Tell what BASE..HEAD would do: suggestions it ends, definitions to agree anew, links, conversations."""
    from kb_server.impact import markdown, service

    kinds = _kinds(fail_on)
    settings = settings_of(config_file)
    require_wiki(settings)
    with _store_if_any(settings) as database:
        found = service.impact(settings, commits, database, title=title, own_config=own_config)
    click.echo(json.dumps(asdict(found), indent=2) if form == "json" else markdown.written(found))
    if any(getattr(found, KINDS[kind]) for kind in kinds):
        raise SystemExit(FAILED)


def _kinds(fail_on: str) -> list[str]:
    kinds = [kind.strip() for kind in fail_on.split(",") if kind.strip()]
    if unknown := next((kind for kind in kinds if kind not in KINDS), None):
        raise click.BadParameter(f"{unknown!r} is none of {', '.join(KINDS)}.", param_hint="--fail-on")
    return kinds


@contextmanager
def _store_if_any(settings: Any) -> Iterator[Any]:  # noqa: ANN401  -- Settings are not imported for every command
    """The store; nothing where there is none yet: to look at a change makes none."""
    from kb_server.db import database_file

    file = database_file(settings.database_url)
    if file and not file.exists():
        yield None
        return
    with store(settings) as database:
        yield database
