"""The command line: each command reads its words, calls one service function, and prints."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from kb_server import config
from kb_server.accounts import commands
from kb_server.config import Settings
from kb_server.errors import Invalid, KbError

UNUSABLE = 2  # exit code: the words, a setting or the machine's state make the command impossible
FAILED = 1  # exit code: the work itself did not succeed

config_file = click.option("-f", "--config-file", metavar="FILE", help="The wiki's mkdocs.yml (default: the one here).")
no_strict = click.option("--no-strict", is_flag=True, help="Build in spite of warnings.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="common-ground", prog_name="kb")
def kb() -> None:
    """Common Ground: a wiki in which teams agree on what words mean."""


@kb.command()
@config_file
@no_strict
def build(config_file: str | None, *, no_strict: bool) -> None:
    """Build the wiki aside; nothing served changes."""
    from kb_server.builds import service

    click.echo(service.build(_settings(config_file), strict=not no_strict))


@kb.command()
@config_file
@no_strict
@click.argument("build_id", required=False)
def publish(config_file: str | None, build_id: str | None, *, no_strict: bool) -> None:
    """Make a build current: the one named, or the wiki built now."""
    from kb_server.builds import service

    settings = _settings(config_file)
    build_id = build_id or service.build(settings, strict=not no_strict)
    with _store(settings) as database:
        publication = service.publish(database, settings, build_id)
    click.echo(f"Build {publication.build} is current (publication {publication.seq}).")


@kb.command()
@config_file
@click.option("--roll-back", "back", is_flag=True, help="Make the build before the current one current again.")
@as_json
def builds(config_file: str | None, *, back: bool, as_json: bool) -> None:
    """List the builds, or roll back."""
    from kb_server.builds import service

    settings = _settings(config_file)
    with _store(settings) as database:
        if back:
            publication = service.roll_back(database, settings)
            click.echo(f"Build {publication.build} is current again (publication {publication.seq}).")
            return
        listed = service.builds(database, settings)
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in listed], indent=2))
        return
    for entry in listed:
        since = f"published {entry.publication.published_at}" if entry.publication else "not published"
        click.echo(
            f"{'*' if entry.current else ' '} {entry.id}  {since}  {entry.commit[:10]}  {entry.problem}".rstrip()
        )


@kb.command()
@config_file
@click.option("--host", metavar="ADDRESS", help="Address to listen on.")
@click.option("--port", metavar="PORT", help="Port to listen on; 0 takes a free one.")
@click.option("--build", "first", is_flag=True, help="Build and publish first.")
@no_strict
def serve(config_file: str | None, host: str | None, port: str | None, *, first: bool, no_strict: bool) -> None:
    """Serve what is published."""
    from kb_server import sample
    from kb_server.app import TELLER, TELLING, USES, create_app
    from kb_server.builds import service
    from kb_server.db import database_file
    from kb_server.links import service as linking
    from kb_server.notifications import service as notifying
    from kb_server.search import service as searching
    from kb_server.upkeep import service as upkeep
    from kb_server.web.serving import Listener, only_server

    settings = _settings(config_file, host=host, port=port)
    service.make_folder(settings.data_dir, to_read=True)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    upkeep.refuse_damage(settings)
    alone = only_server(settings.data_dir, database_file(settings.database_url))
    with alone, _store(settings, serving=True) as database:
        upkeep.mend_index(database)
        app = create_app(settings, database)
        listener = Listener(settings, app)
        if first:
            service.publish(database, settings, service.build(settings, strict=not no_strict))
        if sample.write_once(database, settings, app.extensions["kb"].site, TELLING):
            logging.getLogger("kb.sample").info(
                "There is sample activity, for a first visit. `kb sample remove` takes it away."
            )
        searching.index_state(database, settings)  # learns the words, so that nobody's first search waits for it
        following = searching.following(database, settings)
        counting = linking.counting(app.extensions[USES], database)
        with upkeep.daily_backups(settings), following, counting, notifying.telling(app.extensions[TELLER]):
            listener.run()


@kb.command()
@config_file
@click.option("--used", is_flag=True, help="Only those that somebody followed from elsewhere.")
@click.option("--branch", metavar="NAME", help="Tell which would break if this branch, or any commit, were merged.")
@as_json
def links(config_file: str | None, branch: str | None, *, used: bool, as_json: bool) -> None:
    """List the links into the wiki, where they lead, how often they are used; or those that a branch would break."""
    from kb_server.builds import service
    from kb_server.links import service as linking
    from kb_server.links import terminal

    settings = _settings(config_file)
    with _store(settings) as database, database.read() as connection:
        current = service.current(database, settings)
        found = [link for link in linking.links(connection, current) if link.uses or not used]
    if branch is None:
        click.echo(json.dumps([asdict(link) for link in found], indent=2) if as_json else terminal.listed(found))
        return
    with service.merged(settings, branch) as then:
        breaks = linking.broken(found, current, then)
    click.echo(json.dumps([asdict(one) for one in breaks], indent=2) if as_json else terminal.told(breaks))
    if breaks:
        raise SystemExit(FAILED)


@kb.command()
@config_file
@click.option("--write", is_flag=True, help="Write it to history.json beside mkdocs.yml, to be committed.")
def history(config_file: str | None, *, write: bool) -> None:
    """Tell what is known of the wiki's past, and let a file carry it to clones that lack it."""
    from kb_server.builds import service
    from kb_server.wiki.past import carried

    settings = _settings(config_file)
    with _store(settings) as database:
        known = service.current(database, settings).history()
    if write:
        file = settings.config_file.parent / carried.FILE
        carried.write(known, file)
        click.echo(f"{file.name} has {len(known.addresses):,} addresses. Commit it.")
    click.echo(carried.missing(known) or f"All of the past is known: {len(known.addresses):,} addresses.")


@kb.command()
@config_file
@click.argument("file", required=False, type=click.Path(path_type=Path))
def backup(config_file: str | None, file: Path | None) -> None:
    """Copy the database to FILE, or to a new file in backups/; a server may run meanwhile."""
    from kb_server.upkeep import service, terminal

    settings = _settings(config_file)
    with service.damage_named(settings):
        path = service.back_up(settings, file)
    click.echo(terminal.backed_up(path))


@kb.command()
@config_file
@click.argument("file", type=click.Path(path_type=Path))
def restore(config_file: str | None, file: Path) -> None:
    """Put the backup FILE in the place of the database; no server may run."""
    from kb_server.builds import service as building
    from kb_server.upkeep import service, terminal

    settings = _settings(config_file)
    done = service.restore(settings, file)
    with _store(settings) as database:
        advice = service.missing_build(settings, building.published_ids(database))
    click.echo(terminal.restored(done, advice))


@kb.command()
@config_file
@click.argument("address")
def copy_database(config_file: str | None, address: str) -> None:
    """Copy all of the database to an empty one at ADDRESS, SQLite or PostgreSQL; no server may run."""
    from kb_server.upkeep import service, terminal

    settings, to = _settings(config_file), _settings(config_file, database_url=address)
    service.require_store(settings)
    with _store(settings) as database:
        done = service.transfer(database, settings, to.database_url)
    click.echo(terminal.transferred(done))


@kb.command()
@config_file
@click.option("--verify", is_flag=True, help="Compare it with the stored texts (without an option, too).")
@click.option("--rebuild", is_flag=True, help="Make it anew from the stored texts, then compare.")
def index(config_file: str | None, *, verify: bool, rebuild: bool) -> None:  # noqa: ARG001  -- verifying is what it does
    """See whether the index of search agrees with the texts."""
    from kb_server.search import service as searching
    from kb_server.upkeep import service, terminal

    settings = _settings(config_file)
    with _store(settings) as database:
        renewed = service.rebuild_index(database) if rebuild else None
        if rebuild:
            searching.rebuild_index(database, settings)
        found = service.verify_index(database, searching.audit_index(database, settings))
    click.echo(terminal.index(found, renewed))
    sys.exit(0 if found.is_sound else FAILED)


@kb.command()
@config_file
@as_json
def doctor(config_file: str | None, *, as_json: bool) -> None:
    """Look at everything, and say what is wrong and what to do about it."""
    from kb_server.builds import service as building
    from kb_server.notifications import service as notifying
    from kb_server.search import service as searching
    from kb_server.upkeep import service, terminal

    settings = _settings(config_file)
    checks = service.examine(
        settings,
        building.published_ids,
        lambda store: searching.audit_index(store, settings),
        lambda store: notifying.troubles(store, settings),
        lambda store: searching.unusable_index(store, settings),
    )
    click.echo(terminal.as_json(checks) if as_json else terminal.report(checks))
    sys.exit(FAILED if service.is_broken(checks) else 0)


@kb.command()
@config_file
@click.option("--retry", is_flag=True, help="Try once more, now, what could not be sent.")
@as_json
def mail(config_file: str | None, *, retry: bool, as_json: bool) -> None:
    """List the mail that waits to be sent, and what was given up."""
    from kb_server.notifications import service, terminal

    settings = _settings(config_file)
    with _store(settings) as database:
        revived = service.retry(database) if retry else None
        queued = service.queued(database)
    click.echo(terminal.as_json(queued) if as_json else terminal.report(queued, revived))


# After the first word everything is what is looked for: `kb search lead -webinar` has no option -w.
@kb.command(context_settings={"allow_interspersed_args": False})
@config_file
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 50))
@as_json
@click.argument("words", nargs=-1, required=True)
def search(config_file: str | None, words: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Search what is published, as the search box does."""
    from kb_server.search import terminal

    settings = _settings(config_file)
    with _store(settings) as database:
        click.echo(terminal.search(database, settings, " ".join(words), limit=limit, as_json=as_json))


@kb.command("config")
@config_file
@as_json
def show_config(config_file: str | None, *, as_json: bool) -> None:
    """List the settings, and where each value came from."""
    settings = _settings(config_file)
    rows: list[dict[str, Any]] = [
        {
            "name": setting.variable,
            "value": settings.shown(setting.name),
            "from": settings.sources.get(setting.name, "default"),
            "help": setting.help,
        }
        for setting in config.TABLE
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['name']:22} {row['value'] or '-'}\n{'':22} {row['help']} ({row['from']})")


@kb.command()
@config_file
def dev(config_file: str | None) -> None:
    """Edit and see: one port, live reload, search and live pages working."""
    from kb_server.web.serving import require_free

    settings = _settings(config_file)
    _require_wiki(settings)
    require_free(settings.host, settings.port)
    command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "-f", str(settings.config_file)]
    address = ["--dev-addr", f"{settings.host}:{settings.port}"]
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    os.execv(sys.executable, [*command, *address])  # noqa: S606  -- no shell, our own interpreter


@kb.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--company", prompt="Name of the company", help="Name of the company.")
@click.option("--team", "teams", multiple=True, metavar="NAME", help="A team; give it twice or more often.")
@click.option("--speaker", "speakers", multiple=True, metavar="NAME", help="Who speaks for a team, in the same order.")
@click.option("--liaison", default=None, metavar="NAME", help="Who carries questions between the teams.")
@click.option("--forge", default=None, metavar="URL", help="Address of the wiki's repository, if it has one.")
def init(  # noqa: PLR0913, PLR0917  -- one parameter per option
    folder: Path,
    company: str,
    teams: tuple[str, ...],
    speakers: tuple[str, ...],
    liaison: str | None,
    forge: str | None,
) -> None:
    """Start a wiki of your own in FOLDER."""
    from kb_server.wiki import init as starting

    names = teams or _ask_teams()
    if not names:
        raise Invalid("A wiki needs the names of its teams, for example: --team Sales --team Marketing.")
    people = speakers or tuple(click.prompt(f"Who speaks for {name}") for name in names)
    liaison = (
        liaison if liaison is not None else click.prompt("Who carries questions between the teams", default=people[0])
    )
    forge = forge if forge is not None else click.prompt("Address of the repository (may stay empty)", default="")
    answers = starting.answers(company, names, people, liaison, forge)
    written = starting.create(folder, answers)
    click.echo(f"{len(written)} files are in {folder}. Next: cd {folder} && kb serve --build")


def _ask_teams() -> tuple[str, ...]:
    text: str = click.prompt("Names of the teams, with commas", default="Sales, Marketing")
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _settings(config_file: str | None, **options: str | None) -> Settings:
    os.umask(0o077)  # what lies in the data folder is for the user who runs kb
    settings = config.load(os.environ, {"config_file": config_file, **options})
    if config_file is not None:
        _require_wiki(settings)
    return settings


def _require_wiki(settings: Settings) -> None:
    if not settings.config_file.is_file():
        raise Invalid(f"There is no {settings.config_file}. Name the wiki's mkdocs.yml with -f.")


@kb.group("sample")
def samples() -> None:
    """See to the sample activity of a first visit."""


@samples.command("remove")
@config_file
def remove_samples(config_file: str | None) -> None:
    """Take away all sample activity, and nothing that somebody has really written."""
    from kb_server import sample

    settings = _settings(config_file)
    with _store(settings) as database:
        done = sample.remove(database)
    click.echo(sample.told(done))


@contextmanager
def _store(settings: Settings, *, serving: bool = False) -> Iterator[Any]:
    """The migrated store. Beside a running server it leaves checkpoints to that."""
    from kb_server.builds.service import make_folder
    from kb_server.db import Database, database_file, migrate
    from kb_server.upkeep import service as upkeep
    from kb_server.web.serving import is_served

    make_folder(settings.data_dir, to_read=True)
    file = database_file(settings.database_url)
    with upkeep.sharing(settings.data_dir), upkeep.damage_named(settings):
        database = Database(settings.database_url, checkpoints=serving or not is_served(settings.data_dir, file))
        try:
            migrate(database, settings.data_dir / "backups")
            yield database
        finally:
            database.close()


@contextmanager
def _wiki(config_file: str | None) -> Iterator[tuple[Settings, Any, Any]]:
    """The settings, the store, and who we are by the build that is current; nobody where there is none."""
    from kb_server.builds import service
    from kb_server.people.roster import Roster
    from kb_server.web.build import BuildError
    from kb_server.web.site import Site

    settings = _settings(config_file)
    with _store(settings) as database:
        site = Site(settings.data_dir / "builds", lambda: service.published_ids(database))
        try:
            roster = site.current().roster
        except BuildError:
            roster = Roster()
        yield settings, database, roster


def _held() -> tuple[Any, ...]:
    from kb_server.holdings import HELD

    return HELD


kb.add_command(commands.group(_wiki, _held))


def main() -> None:
    """Run `kb`; what a person can mend is said in one sentence."""
    from sqlalchemy.exc import DBAPIError

    from kb_server.builds.service import BuildFailed

    try:
        kb()
    except BuildFailed as error:
        _end(str(error), FAILED)
    except KbError as error:
        _end(str(error), UNUSABLE)
    except DBAPIError as error:
        _end(f"The database cannot be used: {error.orig}. See KB_DATABASE_URL, or `kb doctor`.", UNUSABLE)
    except OSError as error:
        _end(f"{error.filename or 'The system'}: {error.strerror or error}.", UNUSABLE)


def _end(sentence: str, code: int) -> None:
    click.echo(f"kb: {sentence}", err=True)
    sys.exit(code)
