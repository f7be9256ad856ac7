"""A wiki with a published page, and ways to look into what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from by_hand import page
from flask import Flask
from flask.testing import FlaskClient
from postbox import Postbox
from signing import Wiki

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.db.schema import metadata


@pytest.fixture
def published(publish: Callable[..., str]) -> None:
    publish(page("home", url=""), page("a"))


@pytest.fixture
def wiki(settings: Settings, database: Database, published: None) -> Wiki:  # noqa: ARG001
    """A browser in a wiki with these settings; one more each time, on the same store."""
    apps: dict[str, Flask] = {}

    def opened(**changed: object) -> FlaskClient:
        usual = {"base_url": "http://localhost/", "mail_from": "Wiki <wiki@example.com>"}
        key = repr(sorted(changed.items()))
        if key not in apps:
            apps[key] = create_app(replace(settings, **usual | changed), database)  # type: ignore[arg-type]
            apps[key].testing = False
        return apps[key].test_client()

    return opened


@pytest.fixture
def box() -> Iterator[Postbox]:
    with Postbox() as box:
        yield box


@pytest.fixture
def stored(database: Database) -> Callable[[], str]:
    """Everything the store holds, as one text."""

    def everything() -> str:
        with database.read() as connection:
            return "\n".join(
                f"{table.name}: {tuple(row)}"
                for table in metadata.sorted_tables
                for row in connection.execute(sa.select(table))
            )

    return everything
