"""What time alone decides of definitions is told once, by whoever looks at the clock first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from counting import counted
from terms import MONDAY, Wiki, term

from kb_server.db import Database
from kb_server.definitions import ticking
from kb_server.definitions.ticking import Watch

LATER = MONDAY + timedelta(days=30)


@pytest.fixture
def wiki(database: Database) -> Wiki:
    made = Wiki(database)
    made.publish("A contact that is not ours.")
    made.agree("A contact that is not ours.")
    return made


def test_nothing_is_done_where_nothing_has_changed(wiki: Wiki) -> None:
    assert ticking.tick(wiki.database, [term("A contact that is not ours.")], LATER) == []


def test_what_was_declared_holds_once_its_time_has_come(wiki: Wiki) -> None:
    change, watch = replace(wiki.change, message="Reword\n\nWording: mql"), Watch()
    wiki.publish("A contact that isn't ours.", change)
    now, minute = [term("A contact that isn't ours.")], timedelta(minutes=1)
    assert watch.tick(wiki.database, now, wiki.now + timedelta(days=7) - minute) == []
    assert watch.tick(wiki.database, now, wiki.now + timedelta(days=7)) == ["mql"]
    assert watch.tick(wiki.database, now, LATER) == []
    assert wiki.log("definition.in_force") == ["definition.in_force"] * 2


def test_a_day_for_a_fresh_look_is_told_once(wiki: Wiki) -> None:
    due, watch = [replace(term("A contact that is not ours."), meta={"review": "2026-11-30"})], Watch()
    for days in (10, 20, 21, 1):
        watch.tick(wiki.database, due, MONDAY + timedelta(days=days))
    assert wiki.log("definition.due") == ["definition.due"]


def test_a_minute_in_which_nothing_happens_costs_one_query(wiki: Wiki) -> None:
    def queries(minutes: int) -> int:
        with counted(wiki.database) as said:
            watch.tick(wiki.database, pages, wiki.now + timedelta(minutes=minutes))
        return len(said)

    pages, watch = [term("A contact that is not ours.")], Watch()
    assert queries(1) > 1
    assert [queries(2), queries(3)] == [1, 1]
    wiki.agree("A contact that is not ours.")
    assert queries(4) > 1
    assert queries(1) > 1  # the clock was set back


def test_of_two_who_tick_at_once_one_tells(wiki: Wiki) -> None:
    due = replace(term("A contact that is not ours."), meta={"review": "2026-11-30"})
    both = [Thread(target=ticking.tick, args=(wiki.database, [due], LATER)) for _ in range(4)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert wiki.log("definition.due") == ["definition.due"]


def test_a_node_that_serves_an_older_build_tells_nothing_of_it(wiki: Wiki) -> None:
    wiki.publish("A person.")
    assert ticking.tick(wiki.database, [term("A contact that is not ours.")], LATER) == []
    assert ticking.tick(wiki.database, [replace(term("x"), id="new")], LATER) == []
