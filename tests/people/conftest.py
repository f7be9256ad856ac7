"""A wiki that nobody may read who is not signed in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database


@pytest.fixture
def closed(settings: Settings, database: Database) -> FlaskClient:
    """A client of a wiki that nobody may read who is not signed in."""
    app = create_app(replace(settings, public_read=False), database)
    app.testing = False
    return app.test_client()
