"""A store with something in it, and a hand that damages it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from by_hand import make_build, page

from kb_server.builds import service
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.db.files import reading


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: the other database is copied and mended by its own means."""
    return f"sqlite:///{tmp_path / 'data' / 'kb.sqlite3'}"


@pytest.fixture
def store_kind() -> str:
    """These are about files: who runs PostgreSQL looks after it by its own means."""
    return "sqlite"


@pytest.fixture(scope="session")
def lanterns(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data in which two dozen pages are published: copying them takes a tenth of making them."""
    data = tmp_path_factory.mktemp("lanterns")
    settings = Settings(data_dir=data, database_url=f"sqlite:///{shutil.copyfile(migrated, data / 'kb.sqlite3')}")
    pages = (page(f"p{number}", f"Lantern number {number} hangs here. " * 40) for number in range(24))
    with closing(Database(settings.database_url)) as database:
        service.publish(database, settings, make_build(data / "builds", *pages))
    return data


@pytest.fixture
def file(database: Database, settings: Settings, lanterns: Path) -> Path:
    """The file of a store in which two dozen pages are published; nobody has it open."""
    assert database.file
    shutil.copytree(lanterns / "builds", settings.data_dir / "builds")
    return shutil.copyfile(lanterns / "kb.sqlite3", database.file)


@pytest.fixture
def damage() -> Callable[[Path], None]:
    """Overwrite the pages with which the texts and their index begin: whoever looks at either notices for sure."""
    roots = "SELECT rootpage FROM sqlite_schema WHERE name IN ('documents', 'uq_documents_ref', 'documents_fts_data')"

    def run(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            pages = [row[0] for row in connection.execute(roots)]
        with file.open("r+b") as out:
            for number in pages:
                out.seek((number - 1) * 4096)
                out.write(b"\xff" * 4096)

    return run


@pytest.fixture
def alter() -> Callable[[Path], None]:
    """Change a text behind everybody's back: to SQLite it is as good as any other."""

    def run(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("UPDATE documents SET text = 'Lanterns are forbidden.' WHERE id = 3")
            connection.commit()

    return run


@pytest.fixture
def shelf_of(settings: Settings) -> Callable[[], list[str]]:
    """The names of all files on the shelf."""

    def run() -> list[str]:
        folder = settings.data_dir / "backups"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    return run


@pytest.fixture
def texts() -> Callable[[Path], int]:
    """How many texts of a file can be found."""

    def run(file: Path) -> int:
        with reading(file) as connection:
            found: int = connection.execute("SELECT count(*) FROM documents WHERE hidden = 0").fetchone()[0]
            return found

    return run
