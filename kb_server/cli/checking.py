"""Proofreading a wiki before anybody builds it, mending what can be mended, and beginning a page."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from kb_server.cli.opening import FAILED, config_file, wiki_file

FORMATS = ("text", "github", "gitlab", "json")
since = click.option("--since", metavar="REF", help="Compare with where REF was left (default: the trusted branch).")
everything = click.option(
    "--all", "everything", is_flag=True, help="Look at all of the wiki, not only at what changed."
)
only = click.argument("files", nargs=-1, type=click.Path(path_type=Path))


@click.command()
@config_file
@since
@everything
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="End with exit code 1 for warnings, too.")
@only
def check(  # noqa: PLR0913  -- one parameter per option
    config_file: str | None, since: str | None, form: str, files: tuple[Path, ...], *, everything: bool, strict: bool
) -> None:
    """Proofread what changed, or FILES: links, front matter, terms, spelling; exit code 1 where there is an error."""
    from kb_server.proofreading import formats, service

    file = wiki_file(config_file)
    report = service.check(file, since=since, everything=everything, only=_told_from(file, files))
    click.echo(formats.FORMATS[form](report))
    if report.count("error") or (strict and report.findings):
        raise SystemExit(FAILED)


@click.command()
@config_file
@since
@everything
@click.option("--spelling", is_flag=True, help="Mend words, too, where only one other can be meant.")
@click.option("--dry-run", is_flag=True, help="Tell what would be mended, and change nothing.")
@only
def fix(  # noqa: PLR0913  -- one parameter per option
    config_file: str | None,
    since: str | None,
    files: tuple[Path, ...],
    *,
    everything: bool,
    spelling: bool,
    dry_run: bool,
) -> None:
    """Mend what `kb check` finds and a program can mend without a doubt, in what changed or in FILES."""
    from kb_server.proofreading import formats, service

    file = wiki_file(config_file)
    done = service.fix(
        file,
        since=since,
        everything=everything,
        spelling=spelling,
        dry_run=dry_run,
        only=_told_from(file, files),
    )
    click.echo(formats.mended(done, dry_run=dry_run))


def _told_from(file: Path, files: tuple[Path, ...]) -> list[str]:
    """The files as told from the wiki's folder."""
    return [Path(os.path.relpath(one.absolute(), file.resolve().parent)).as_posix() for one in files]


@click.command()
@config_file
@click.argument("kind")
@click.argument("title", required=False)
@click.option("--owner", metavar="WHO", help="Who looks after it: a handle of teams.yml, or a name; may be empty.")
@click.option("--team", "teams", multiple=True, metavar="TEAM", help="A team it concerns, by its id; may be repeated.")
def new(config_file: str | None, kind: str, title: str | None, owner: str | None, teams: tuple[str, ...]) -> None:
    """Begin a page of this KIND from the wiki's template.

    KIND is role, definition, practice, metric, webinar, note, path or page.
    """
    from kb_server.proofreading.beginning import Draft
    from kb_server.wiki.kinds import template

    file = wiki_file(config_file)
    template(kind, file.parent)  # before anything is asked
    draft = Draft(file)
    title = title or click.prompt("Title")
    if owner is None:
        said = f" ({', '.join(draft.people)}, or a name)" if draft.people else ""
        owner = click.prompt(f"Who looks after it{said}", default=draft.myself(), show_default=bool(draft.myself()))
    begun = draft.begin(kind, title, owner, teams or draft.teams_of(owner), date.today())  # noqa: DTZ011  -- the writer's
    click.echo(f"{os.path.relpath(begun.file)} is written. Its id is {begun.id}, for good.")
    if not begun.has_place:
        click.echo(f"Give it a place in `nav` of {file.name}: - {begun.path}")
