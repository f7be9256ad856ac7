"""Whether all is well after a start: one build served whole, its texts and no others, each found, each comment once."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

from agreement import what_was_said

from kb_server.builds import service, texts
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.documents.models import Draft
from kb_server.search import service as searching
from kb_server.upkeep import service as upkeep
from kb_server.web.build import load

COMMON = "lantern"  # a word of every page
PATIENCE = 120.0


def look_at_all(settings: Settings, address: str, acknowledged: Mapping[str, str]) -> str:
    """The build that is served, if nothing is wrong with it, the store, the index, or the comments `acknowledged`."""
    state = _settled(address)
    assert state["status"] == "ready", state
    build = load(settings.data_dir / "builds" / str(state["build"]))
    wanted = list(texts.drafts(build.manifest))
    with closing(Database(settings.database_url, checkpoints=False)) as database:
        assert _stored(database) == {draft.ref: (draft.title, draft.text) for draft in wanted}
        _is_recorded_once(database, build.id)
        _is_said_once(database, acknowledged)
        _is_sound(database, settings)
    _is_found(address, wanted)
    for shown in build.manifest.pages[::50]:
        assert shown.title in _get(address, f"/{shown.url}")
    return build.id


def _settled(address: str) -> dict[str, object]:
    """What /readyz tells when the index is up to date."""
    until = time.monotonic() + PATIENCE
    while True:
        state: dict[str, object] = json.loads(_get(address, "/readyz"))
        index = state["index"]
        if isinstance(index, dict) and not index.get("behind") and index.get("state") in (None, "following"):
            return state
        assert time.monotonic() < until, state


def _stored(database: Database) -> dict[str, tuple[str, str]]:
    with database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT ref, title, text FROM documents WHERE hidden = 0 AND kind <> 'conversation'"
        )
        return {row.ref: (row.title, row.text) for row in rows}


def _is_recorded_once(database: Database, current: str) -> None:
    """Every publication has its line in the log, and the last one is that of the current build."""
    with database.read() as connection:
        made = connection.exec_driver_sql("SELECT build FROM publishes ORDER BY seq").scalars().all()
        told = connection.exec_driver_sql("SELECT subject FROM activity WHERE verb = 'build.published' ORDER BY seq")
        assert made == told.scalars().all()
        assert made[-1] == current


def _is_said_once(database: Database, acknowledged: Mapping[str, str]) -> None:
    with database.read() as connection:
        said = what_was_said(connection)
    assert acknowledged.items() <= said.items()
    assert set(Counter(said.values()).values()) <= {1}, "what was sent again under its key is said once"


def _is_sound(database: Database, settings: Settings) -> None:
    """As `kb index --verify` and `kb doctor` see it."""
    found = upkeep.verify_index(database, searching.audit_index(database, settings))
    assert found.is_sound, found
    checks = upkeep.examine(settings, service.published_ids, lambda store: searching.audit_index(store, settings))
    assert not upkeep.is_broken(checks), checks


def _is_found(address: str, wanted: Collection[Draft]) -> None:
    assert _total(address, COMMON) == len(wanted)
    for title, count in Counter(draft.title for draft in wanted).items():
        assert _total(address, title) == count, title


def _total(address: str, word: str) -> int:
    found: int = json.loads(_get(address, f"/api/v1/search?query={word}&exact=1"))["total"]
    return found


def _get(address: str, path: str) -> str:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, (path, answer.status, text)
        return text
    finally:
        connection.close()
