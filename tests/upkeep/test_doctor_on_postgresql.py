"""``kb doctor`` on PostgreSQL: whether it answers, in which version, and whether the texts are what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from by_hand import page
from stores import Stores

from kb_server.builds.service import published_ids
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.upkeep.doctor import examine
from kb_server.upkeep.models import State
from kb_server.upkeep.starting import mend_index, refuse_damage


@pytest.fixture
def store_kind() -> str:
    """Once: there is nothing here of any other database."""
    return "postgresql"


@pytest.fixture
def database_url(stores: Stores) -> Iterator[str]:
    with stores.one() as url:
        yield url


def look(settings: Settings) -> dict[str, tuple[State, str]]:
    settings.data_dir.chmod(0o700)
    return {check.name: (check.state, check.finding) for check in examine(settings, published_ids)}


def test_a_store_on_postgresql_is_well(settings: Settings, database: Database, publish: Callable[..., str]) -> None:
    build = publish()
    refuse_damage(settings)
    mend_index(database)
    said = look(settings)
    assert {state for state, _ in said.values()} == {State.OK}
    assert said["database"][1].startswith("PostgreSQL 1")
    assert said["builds"][1].startswith(f"Build {build} is current")
    assert "backup" not in said


def test_what_several_servers_may_share_is_said_where_each_has_an_index_of_whooshs(settings: Settings) -> None:
    settings.data_dir.mkdir()
    for engine, said in (("whoosh", 1), ("database", 0)):
        found = [check.finding for check in examine(replace(settings, search_engine=engine), published_ids)]
        assert sum("search/ and KB_DATA_DIR must not" in finding for finding in found) == said


def test_an_altered_text_is_noticed_there_too(
    settings: Settings, database: Database, publish: Callable[..., str]
) -> None:
    publish(page("lamps", "Lanterns hang in every doorway."))
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE documents SET text = 'Lanterns are forbidden.'")
    assert look(settings)["index"] == (State.BROKEN, "1 text is not what was written.")


def test_a_server_without_our_tables_waits_for_the_first_publication(settings: Settings, database: Database) -> None:
    settings.data_dir.mkdir(exist_ok=True)
    for before, after in (("alembic_version", "elsewhere"), ("elsewhere", "alembic_version")):
        with database.transaction() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")
        if after == "elsewhere":
            assert look(settings)["database"] == (State.ATTENTION, "It is empty.")


def test_a_server_that_does_not_answer_is_broken(settings: Settings) -> None:
    settings.data_dir.mkdir()
    nowhere = replace(settings, database_url="postgresql+psycopg://kb:secret@127.0.0.1:1/kb")
    state, finding = look(nowhere)["database"]
    assert state is State.BROKEN
    assert finding.startswith("It does not answer: ")
    assert "secret" not in finding
