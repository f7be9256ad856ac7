"""The people and the page of conversations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from by_hand import page
from flask.testing import FlaskClient
from talking import As, Person, handing


@pytest.fixture
def somebody(client: FlaskClient, publish: Callable[..., str]) -> As:
    """Somebody by their handle, signed in; nobody without one."""
    publish(page("home", url=""), handing())

    def come(handle: str = "") -> Person:
        person = Person(client.application.test_client())
        if handle:
            assert person.post("/sign-in/", handle=handle).status_code == 303
        return person

    return come
