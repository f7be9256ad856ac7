"""A store damaged anywhere: `kb doctor` answers, and the server either refuses or serves exactly what was written."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kb_server.app import create_app
from kb_server.builds.service import published_ids
from kb_server.config import Settings
from kb_server.db import Database, migrate
from kb_server.db.damage import Damaged
from kb_server.upkeep.backing import back_up
from kb_server.upkeep.doctor import examine, is_broken
from kb_server.upkeep.starting import damage_named, mend_index, refuse_damage

pytestmark = pytest.mark.slow
TIMES = int(os.environ.get("DAMAGES", "30"))
PAGE = 4096
ASKED = ("/p0/", "/p3/", "/api/v1/search?query=lantern", "/api/v1/search?query=number&typing=1", "/search/?query=hangs")
TEXTS = "SELECT id, ref, kind, page_id, title, url, teams, facts, hidden, text, stems, words FROM documents ORDER BY id"
Harm = Callable[[bytearray, random.Random], bytearray]


def noise(content: bytearray, chance: random.Random) -> bytearray:
    size = chance.choice((1, 16, 512, 5000))
    at = chance.randrange(len(content) - size)
    content[at : at + size] = chance.randbytes(size)
    return content


def nothing(content: bytearray, chance: random.Random) -> bytearray:
    at = chance.randrange(len(content) // PAGE) * PAGE
    content[at : at + PAGE] = bytes(PAGE)
    return content


def swapped(content: bytearray, chance: random.Random) -> bytearray:
    one, other = (slice(n * PAGE, n * PAGE + PAGE) for n in chance.sample(range(len(content) // PAGE), 2))
    content[one], content[other] = content[other], content[one]
    return content


def cut_off(content: bytearray, chance: random.Random) -> bytearray:
    return content[: chance.randrange(len(content))]


def texts(database: Database) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(TEXTS)]


def serve(settings: Settings) -> list[tuple[Any, ...]] | None:
    """Start as `kb serve` does and answer some requests; gives the texts then served, or None when it refused."""
    try:
        refuse_damage(settings)
        with closing(Database(settings.database_url)) as database, damage_named(settings):
            migrate(database, settings.data_dir / "backups")
            mend_index(database)
            client = create_app(settings, database).test_client()
            assert {client.get(path).status_code for path in ASKED} == {200}
            return texts(database)
    except Damaged as error:
        assert "kb restore" in str(error)  # noqa: PT017  -- not to raise is as good
        return None


@pytest.mark.parametrize("harm", [noise, nothing, swapped, cut_off])
def test_damage_anywhere_is_refused_or_mended_and_never_served(
    settings: Settings, file: Path, database: Database, harm: Harm
) -> None:
    before, written = texts(database), file.read_bytes()
    database.close()
    settings.data_dir.chmod(0o700)
    back_up(settings)
    outcomes = set()
    for seed in range(TIMES):
        file.write_bytes(harm(bytearray(written), random.Random(seed)))
        noticed = is_broken(examine(settings, published_ids))
        served = serve(settings)
        assert served in (None, before), (harm, seed)
        assert noticed or served, (harm, seed)
        outcomes.add((noticed, served is None))
        for suffix in ("-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
    assert (True, True) in outcomes
