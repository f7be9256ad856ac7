"""A store has an id, so that whoever follows its numbers notices another store under the same name."""

from __future__ import annotations

from kb_server.config import Settings
from kb_server.db import Database, meta, migrate


def known(database: Database) -> str:
    with database.read() as connection:
        return meta.instance(connection)


def test_a_migrated_store_has_an_id_and_keeps_it(database: Database, settings: Settings) -> None:
    first = known(database)
    migrate(database, settings.data_dir / "backups")
    assert len(first) == 32
    assert known(database) == first


def test_a_store_from_before_ids_gets_one_at_the_next_start(database: Database, settings: Settings) -> None:
    with database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM meta WHERE key = 'instance'")
    migrate(database, settings.data_dir / "backups")
    assert known(database)


def test_of_two_who_give_an_id_at_once_the_first_prevails(database: Database) -> None:
    first = known(database)
    with database.transaction() as connection:
        meta.give_instance(connection)
    assert known(database) == first


def test_a_renewed_id_is_another_one(database: Database) -> None:
    first = known(database)
    with database.transaction() as connection:
        meta.renew_instance(connection)
    assert known(database) not in ("", first)
