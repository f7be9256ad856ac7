"""Publishing: whole or not at all, exactly once, and undone by publishing the build before."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from by_hand import page
from stores import patiently

from kb_server.activity.storage import events_after
from kb_server.builds import service, storage
from kb_server.builds.making import clear_unfinished
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.documents import storage as documents
from kb_server.errors import NotFound
from kb_server.pages import layout
from kb_server.pages.manifest import Section
from kb_server.web.build import BuildError

Make = Callable[..., str]


def found(database: Database) -> dict[str, str]:
    with database.read() as connection:
        shown = documents.documents_by_ref(connection, documents.refs_starting_with(connection, ""))
    return {document.url: document.text for document in shown.values()}


def test_the_same_pages_give_the_same_build(make_build: Make) -> None:
    first = make_build(page("a", "One."))
    assert len(first) == 12
    with pytest.raises(OSError, match="not empty"):  # the second one wants the same name
        make_build(page("a", "One."))


def test_a_published_build_is_current_and_its_text_is_found(publish: Make, database: Database) -> None:
    build_id = publish(page("a", "One."))
    assert service.published_ids(database) == [build_id]
    assert found(database) == {"a/": "One."}


def test_publishing_the_current_build_again_changes_nothing(
    publish: Make, database: Database, settings: Settings
) -> None:
    build_id = publish(page("a", "One."))
    again = service.publish(database, settings, build_id)
    assert again.seq == 1
    with database.read() as connection:
        assert [event.verb for event in events_after(connection, 0)] == ["build.published"]


def test_only_changed_texts_are_written_and_vanished_ones_removed(publish: Make, database: Database) -> None:
    publish(page("a", "One."), page("b", "Two."), page("c", "Three."))
    publish(page("a", "One."), page("b", "Changed."))
    with database.read() as connection:
        data = events_after(connection, 1)[0].data
    assert data["changed"] == 2
    assert found(database) == {"a/": "One.", "b/": "Changed."}


def test_a_paragraph_that_became_a_heading_stops_no_publishing(publish: Make, database: Database) -> None:
    anchors = [random.Random(5).randbytes(5_000).hex() + end for end in ("", "_1")]
    made = page("leads")
    publish(replace(made, sections=tuple(Section(one, "Lanterns", 2, "", "", None, "1:0") for one in anchors)))
    assert set(found(database)) == {f"leads/#{one}" for one in anchors}


def test_rolling_back_publishes_the_build_before(publish: Make, database: Database, settings: Settings) -> None:
    first = publish(page("a", "One."))
    publish(page("a", "Two."))
    assert service.roll_back(database, settings).build == first
    assert found(database) == {"a/": "One."}


def test_rolling_back_twice_goes_back_twice(publish: Make, database: Database, settings: Settings) -> None:
    first, second, _ = [publish(page("a", text)) for text in ("One.", "Two.", "Three.")]
    assert service.roll_back(database, settings).build == second
    assert service.roll_back(database, settings).build == first
    with pytest.raises(NotFound, match="no earlier build"):
        service.roll_back(database, settings)


def test_after_a_mended_build_rolling_back_leads_to_the_one_it_replaced(
    publish: Make, database: Database, settings: Settings
) -> None:
    first = publish(page("a", "One."))
    publish(page("a", "Faulty."))
    service.roll_back(database, settings)
    publish(page("a", "Mended."))
    assert service.roll_back(database, settings).build == first


def test_there_is_nothing_to_roll_back_to_at_first(publish: Make, database: Database, settings: Settings) -> None:
    publish(page("a", "One."))
    with pytest.raises(NotFound, match="no earlier build"):
        service.roll_back(database, settings)


def test_a_damaged_file_stops_publishing_and_is_named(
    publish: Make, make_build: Make, database: Database, settings: Settings
) -> None:
    good = publish(page("a", "One."))
    bad = make_build(page("a", "Two."))
    (settings.data_dir / "builds" / bad / "a" / "index.html").write_text("half")
    with pytest.raises(BuildError, match=r"a/index\.html"):
        service.publish(database, settings, bad)
    assert service.published_ids(database) == [good]


@pytest.mark.parametrize("inner", [layout.MANIFEST, layout.POLICY, f"{layout.SHELLS}/search.html"])
def test_what_the_server_needs_is_verified_like_the_site(
    inner: str, make_build: Make, database: Database, settings: Settings
) -> None:
    build_id = make_build(page("a", "One."))
    path = settings.data_dir / "builds" / build_id / inner
    path.write_text(path.read_text()[:-1] + " ")
    with pytest.raises(BuildError, match=build_id):
        service.publish(database, settings, build_id)


@pytest.mark.parametrize("missing", [layout.SEAL, layout.MANIFEST, layout.POLICY])
def test_a_half_written_build_cannot_be_published(
    missing: str, make_build: Make, database: Database, settings: Settings
) -> None:
    build_id = make_build(page("a", "One."))
    (settings.data_dir / "builds" / build_id / missing).unlink()
    with pytest.raises(BuildError, match=build_id):
        service.publish(database, settings, build_id)


def test_a_manifest_of_another_schema_cannot_be_published(
    make_build: Make, database: Database, settings: Settings
) -> None:
    build_id = make_build(page("a", "One."))
    path = settings.data_dir / "builds" / build_id / layout.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 99}))
    with pytest.raises(BuildError, match="schema 99"):
        service.publish(database, settings, build_id)


def test_three_published_builds_are_kept_and_unpublished_ones_always(
    publish: Make, make_build: Make, database: Database, settings: Settings
) -> None:
    waiting = make_build(page("a", "Not yet."))
    ids = [publish(page("a", f"Number {number}.")) for number in range(5)]
    assert {entry.id for entry in service.builds(database, settings)} == {waiting, *ids[2:]}


def test_two_publishes_at_once_are_applied_one_after_the_other(
    make_build: Make, database: Database, settings: Settings
) -> None:
    ids = [make_build(page("a", text)) for text in ("One.", "Two.")]
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda build_id: patiently(lambda: service.publish(database, settings, build_id)), ids))
    with database.read() as connection:
        subjects = [event.subject for event in events_after(connection, 0)]
    assert sorted(subjects) == sorted(ids)
    assert found(database)["a/"] == ("One." if subjects[-1] == ids[0] else "Two.")


def test_compressed_files_are_shared_between_builds(publish: Make, settings: Settings) -> None:
    text = "body { color: green }\n" * 100
    first, second = publish(page("a"), kb__css=text), publish(page("b"), kb__css=text)
    inodes = {(settings.data_dir / "builds" / name / layout.GZIP / "kb.css").stat().st_ino for name in (first, second)}
    assert len(inodes) == 1


def test_what_a_killed_build_left_is_cleared_and_a_running_one_left_alone(settings: Settings) -> None:
    builds = settings.data_dir / "builds"
    running, killed = builds / f".new-{os.getppid()}", builds / ".new-999999999"
    for folder in (running, killed):
        folder.mkdir(parents=True)
    clear_unfinished(builds)
    assert running.exists()
    assert not killed.exists()


def test_a_build_is_published_from_the_folder_of_builds_only(
    make_build: Make, database: Database, settings: Settings
) -> None:
    build_id = make_build(page("a"))
    outside = (settings.data_dir / "builds" / build_id).rename(settings.data_dir / build_id)
    for name in (f"../{build_id}", str(outside), f"x/../../{build_id}", "..", ".", ""):
        with pytest.raises(NotFound):
            service.publish(database, settings, name)


def test_no_folder_outside_is_removed_whatever_the_store_says_was_published(
    publish: Make, database: Database, settings: Settings
) -> None:
    for number, name in enumerate(["../../precious", str(settings.data_dir.parent / "precious"), "..", "."]):
        with database.transaction() as connection:
            storage.add(connection, name, f"commit {number}")
    precious = settings.data_dir.parent / "precious"
    precious.mkdir()
    for text in ("One.", "Two.", "Three.", "Four."):
        publish(page("a", text))
    assert precious.exists()
    assert len(service.builds(database, settings)) == service.KEPT
    assert len(service.published_ids(database)) == 4
