"""The clock of a machine is a day ahead, or set back a day: what counts is the order in which things were done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from by_hand import page
from faults.servers import Serve

from kb_server.builds import service
from kb_server.config import Settings
from kb_server.db import Database

pytestmark = pytest.mark.slow
SHIFTED = [sys.executable, str(Path(__file__).parent / "shifted.py")]


@pytest.fixture
def store_kind() -> str:
    return "sqlite"  # both order by the same numbers


def test_what_was_done_last_counts_whatever_the_clock_says(
    serve: Serve, settings: Settings, database: Database, make_build: Callable[..., str]
) -> None:
    ids = [make_build(page("a", f"{word}.", title=word)) for word in ("Tomorrow", "Yesterday")]
    for hours, build_id in zip((24, -24), ids, strict=True):
        _publish(settings, hours, build_id)
    assert [listed.id for listed in service.builds(database, settings) if listed.current] == ids[1:]
    server = serve(program=[*SHIFTED, "24"])
    assert "Yesterday" in server.get("a/").text
    assert server.write("tomorrow").status == 201
    with database.read() as connection:
        lines = connection.exec_driver_sql("SELECT subject, at FROM activity ORDER BY seq").all()
    assert [line.subject for line in lines] == [*ids, "tomorrow"]
    assert lines[0].at > lines[1].at < lines[2].at  # the clock was as wrong as that
    assert service.roll_back(database, settings).build == ids[0]
    assert f'"build":"{ids[0]}"' in server.get("readyz").text


def _publish(settings: Settings, hours: int, build_id: str) -> None:
    environment = os.environ | {"KB_DATA_DIR": str(settings.data_dir)}
    subprocess.run([*SHIFTED, str(hours), "publish", build_id], env=environment, check=True)
