"""The database: whole, of today's schema, and its index in agreement with its texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from kb_server.db.damage import Damaged
from kb_server.db.files import look_for_damage, reading
from kb_server.db.migrating import Standing, standing
from kb_server.documents.plural import counted
from kb_server.upkeep import indexing, shelf
from kb_server.upkeep.backing import shelf_folder
from kb_server.upkeep.models import Check, Installation, attention, broken, ok
from kb_server.upkeep.starting import way_out

NAME = "database"
REVISION = "SELECT version_num FROM alembic_version"


def store(installation: Installation) -> Iterator[Check]:
    """The database itself."""
    if installation.file is None:
        yield _server(installation)
    elif installation.file.exists() and not installation.file.is_file():
        yield broken(NAME, f"{installation.file} is no file.", "Name one in KB_DATABASE_URL, or leave that empty.")
    elif not installation.file.is_file():
        yield _missing(installation, f"There is no database at {installation.file}.")
    else:
        yield _file(installation, installation.file)


def index(installation: Installation) -> Iterator[Check]:
    """The index of search, against the texts."""
    with installation.store() as database:
        unusable = installation.unusable(database)
        found = indexing.verify(database, () if unusable else installation.audit(database))
    if unusable:
        finding = f"The index of Whoosh cannot be used: {unusable}. Until it can, the database answers."
        yield attention("index", finding, "A start of the server makes it anew; so does `kb index --rebuild`, now.")
    if found.altered:
        finding = counted("{} [text is|texts are] not what was written.", found.altered)
        yield broken("index", finding, way_out(installation.settings))
    elif found.findings:
        yield broken("index", " ".join(found.findings), "Run `kb index --rebuild`.")
    else:
        yield ok("index", counted("[The one text there is|All {} texts] can be found.", found.shown))


def mail(installation: Installation) -> Iterator[Check]:
    """The mail that waits to be sent."""
    with installation.store() as database:
        found = installation.mail(database)
    for finding in found:
        yield attention("mail", finding, "Run `kb mail`, and see that the mail server takes mail from here.")
    if not found:
        yield ok("mail", "No message waits longer than it should.")


def following(installation: Installation) -> Iterator[Check]:
    """What is merged, where somebody follows the trusted branch."""
    with installation.store() as database:
        merges = installation.merges(database)
    if merges is None:
        return
    live, found = merges
    for finding in found:
        yield attention("following", finding, "It is tried again by itself; the log of `kb follow` says more.")
    if not found:
        yield ok("following", f"What is merged is live since {live}.")


def _server(installation: Installation) -> Check:
    try:
        with installation.store() as database, database.read() as connection:
            version = connection.scalar(sa.text("SHOW server_version"))
            known = sa.inspect(connection).has_table("alembic_version")
            revision = connection.scalar(sa.text(REVISION)) if known else None
    except DBAPIError as error:
        finding = f"It does not answer: {str(error.orig).splitlines()[0]}"
        return broken(NAME, finding, "See that it runs, and that KB_DATABASE_URL is right.")
    return _schema(installation, revision, f"PostgreSQL {version} answers")


def _file(installation: Installation, file: Path) -> Check:
    try:
        look_for_damage(file)
        with reading(file) as connection:
            lost = connection.execute("PRAGMA foreign_key_check").fetchone()
            revision = _revision(connection)
    except Damaged as error:
        return broken(NAME, str(error), way_out(installation.settings))
    if lost:
        return broken(NAME, f"A row of {lost[0]} refers to one that is not there.", way_out(installation.settings))
    return _schema(installation, revision, f"Whole, {file.stat().st_size / 1_000_000:.1f} MB")


def _schema(installation: Installation, revision: str | None, well: str) -> Check:
    if revision is None:
        return _missing(installation, "It is empty.")
    match standing(revision):
        case Standing.UNKNOWN:
            finding = f"Its schema {revision} is not known to this version of kb."
            return broken(NAME, finding, "Install the newer version.")
        case Standing.OLDER:
            finding = (
                f"Its schema is {revision}, an older one. Texts, index, mail and builds were not looked at for that."
            )
            return attention(NAME, finding, "Start `kb serve`: it brings it up to date. Then run `kb doctor` again.")
    return ok(NAME, f"{well}, schema {revision}.")


def _missing(installation: Installation, finding: str) -> Check:
    """No database is well before there ever was one."""
    if installation.file and shelf.backups(shelf_folder(installation.settings)):
        return broken(NAME, f"{finding} There was one once.", way_out(installation.settings))
    return attention(NAME, finding, "Run `kb publish`: that makes it.")


def _revision(connection: sqlite3.Connection) -> str | None:
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute(REVISION).fetchone()
    return str(row[0]) if row else None
