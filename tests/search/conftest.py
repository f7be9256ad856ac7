"""Texts to be found, and somebody who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from search.nobody import Nobody

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.documents import storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.search import service
from kb_server.search.engines.choosing import index_of
from kb_server.search.models import Request, Results

Put = Callable[..., None]
Ask = Callable[..., Results]


@pytest.fixture
def put(database: Database) -> Put:
    """Write sections, each given as "Title: text", or as drafts."""

    def run(*sections: str | Draft, language: str = "en") -> None:
        drafts = [_draft(section) if isinstance(section, str) else section for section in sections]
        with database.transaction() as connection:
            storage.put(connection, drafts, analyser_for(language))

    return run


@pytest.fixture(params=["database", pytest.param("whoosh", marks=pytest.mark.slow)])
def search_engine(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def ask(database: Database, settings: Settings, search_engine: str) -> Ask:
    """Ask a question, of either engine; options are those of `Request`."""
    # What is asked here is what is found. How soon is for `ask_in_time`: another's work is to fail no test.
    return _asking(database, replace(settings, search_engine=search_engine, search_budget_ms=5_000))


@pytest.fixture
def ask_in_time(database: Database, settings: Settings, search_engine: str) -> Ask:
    """The same, within the time a search has by default."""
    return _asking(database, replace(settings, search_engine=search_engine))


def _asking(database: Database, asked: Settings) -> Ask:
    index = index_of(database, asked)
    if index:
        index._meanwhile = Nobody()

    def run(query: str, **options: object) -> Results:
        if index:
            with database.read() as connection:
                index.apply(connection)
        return service.search(database, asked, Request(query, **options))  # type: ignore[arg-type]

    return run


def _draft(section: str) -> Draft:
    title, _, text = section.partition(":")
    name = title.strip().lower().replace(" ", "-")
    return Draft(f"section:{name}#", "page", name, title.strip(), f"{name}/", text.strip(), (), {"lead": True})
