"""What every test may ask for: a store, settings, a small build made by hand, a server's client."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import by_chance
import by_hand
import compiled
import postgres
import processes
import pytest
from flask import Flask
from flask.testing import FlaskClient
from stores import Stores
from talking import As, Person, browsers
from turns import made_once

from kb_server.app import create_app
from kb_server.builds import service
from kb_server.config import Settings
from kb_server.db import Database, database_file, meta, migrate
from kb_server.pages.manifest import Page

compiled.once()
by_chance.patiently()


@pytest.fixture(scope="session")
def stores() -> Iterator[Stores]:
    """Databases on a PostgreSQL server of our own, which starts with the first test that asks."""
    if not postgres.find():
        pytest.skip("NO POSTGRESQL: THE TESTS ON POSTGRESQL WERE SKIPPED")
    with postgres.running() as server, closing(Stores(server)) as stores:
        yield stores


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database. What has to do with a store is tested on both; see `stores` for what concerns one alone.

    The inner loop leaves the second out: it would take twice as long, and say the same.
    """
    found: str = request.param
    return found


@pytest.fixture
def database_url(store_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a store of this test's own."""
    if store_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'kb.sqlite3'}"
        return
    stores: Stores = request.getfixturevalue("stores")
    with stores.one() as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(config_file=tmp_path / "mkdocs.yml", data_dir=tmp_path / "data", database_url=database_url, port=0)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in SQLite as it is after its first start: copying one takes a twentieth of making it."""
    file = tmp_path_factory.mktemp("migrated") / "kb.sqlite3"
    database = Database(f"sqlite:///{file}")
    migrate(database, file.parent)
    database.close()
    return file


@pytest.fixture
def database(settings: Settings, migrated: Path) -> Iterator[Database]:
    settings.data_dir.mkdir(exist_ok=True)
    file = database_file(settings.database_url)
    if file:
        shutil.copyfile(migrated, file)
    database = Database(settings.database_url)
    if not file:
        with database.transaction() as connection:
            meta.give_instance(connection)
    yield database
    database.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data in which the sample wiki is published: made once for all workers, and a copy of this worker's own."""
    return made_once(tmp_path_factory, "sample", processes.publish)


@pytest.fixture
def make_build(settings: Settings) -> Callable[..., str]:
    """Seal a build of a few pages, without MkDocs; gives its id."""
    return partial(by_hand.make_build, settings.data_dir / "builds")


@pytest.fixture
def publish(database: Database, settings: Settings, make_build: Callable[..., str]) -> Callable[..., str]:
    """Make a build by hand and publish it; gives its id."""

    def run(*pages: Page, **files: str) -> str:
        build_id = make_build(*pages, **files)
        service.publish(database, settings, build_id)
        return build_id

    return run


@pytest.fixture
def app(database: Database, settings: Settings) -> Flask:
    """A server on the store, for browsers in this process."""
    app = create_app(settings, database)
    app.testing = False  # errors are to be answered, not raised
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def published() -> object:
    """What is there before anybody comes: nothing, unless a folder has something."""
    return None


@pytest.fixture
def somebody(app: Flask, published: object) -> As:  # noqa: ARG001
    """Somebody by their handle, signed in; nobody without one."""
    return browsers(app)


@pytest.fixture
def sam(somebody: As) -> Person:
    return somebody("sam")


@pytest.fixture
def mia(somebody: As) -> Person:
    return somebody("mia")


@pytest.fixture
def otto(somebody: As) -> Person:
    return somebody("otto")
