"""What is found, in which order, and how much of it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.documents import storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft, RankingRow
from kb_server.search import service, terminal
from kb_server.search.models import Results
from kb_server.search.ranking import Ranking, Sought

Put = Callable[..., None]
Ask = Callable[..., Results]


def urls(results: Results) -> list[str]:
    return [hit.url for hit in results.hits]


def section(page: str, anchor: str, title: str, text: str, *of: str) -> Draft:
    """A section of a kind, and of teams."""
    kind, *teams = of or ("page",)
    facts = {"lead": not anchor, "page_title": page.title()}
    url = f"{page}/#{anchor}" if anchor else f"{page}/"
    return Draft(f"section:{page}#{anchor}", kind, page, title, url, text, tuple(teams), facts)


def test_nothing_asked_nothing_found(put: Put, ask: Ask) -> None:
    put("Lead: a lead")
    for nothing in ("", "  ", '""', "-", "!?"):
        assert (ask(nothing).total, urls(ask(nothing))) == (0, [])


def test_texts_with_all_words_come_first_and_others_fill(put: Put, ask: Ask) -> None:
    put("Only calls: calls", "Both: a lead is called", "Only leads: leads", "Neither: prices")
    assert urls(ask("lead call")) == ["both/", "only-calls/", "only-leads/"]


def test_enough_texts_with_all_words_need_no_filling(put: Put, ask: Ask) -> None:
    put(*(f"Both {n}: a lead is called" for number in range(12) if (n := chr(97 + number))), "Only calls: calls")
    results = ask("lead call")
    assert results.total == 12
    assert len(results.hits) == 10
    assert ask("lead call", offset=10).total == 12


def test_a_phrase_is_not_taken_apart_as_long_as_it_is_found(put: Put, ask: Ask) -> None:
    put("Whole: a qualified lead", "Apart: a lead, qualified", "Lead: a lead")
    assert urls(ask('"qualified lead"')) == ["whole/"]
    assert urls(ask('"lead qualified"')) == ["apart/"]
    assert urls(ask('"qualified apart"'))[0] == "apart/"


def test_words_typed_as_one_stand_together(put: Put, ask: Ask) -> None:
    put("Whole: the follow up call", "Apart: we follow every step up")
    assert urls(ask("follow-up"))[0] == "whole/"
    assert ask("follow-up", limit=1).total == 1


def test_what_is_not_wanted_is_not_shown(put: Put, ask: Ask) -> None:
    put("Warm: a warm lead", "Cold: a cold lead", "Cold call: a cold call and a lead")
    assert urls(ask("lead -cold")) == ["warm/"]
    assert set(urls(ask('lead -"cold call"'))) == {"warm/", "cold/"}
    assert urls(ask("-cold")) == ["warm/"]


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others(put: Put, ask: Ask) -> None:
    put("Being: to be or not to be", "Lead: what a lead is", "The who: the")
    assert urls(ask("what is the lead"))[0] == "lead/"
    assert ask("what is the lead").total == 1
    assert "being/" in urls(ask("to be or not to be"))
    assert ask("the").total == 1


def test_a_question_is_answered_when_any_of_its_words_exists(put: Put, ask: Ask) -> None:
    put("Prices: We name a price on the first call", "The end: of it")
    asked = "how exactly would somebody ever negotiate zebras with a price under unusual circumstances tomorrow"
    assert urls(ask(asked))[0] == "prices/"
    assert ask("zebras giraffes elephants of hippopotami").total == 1
    words = asked.split()
    source = random.Random(1)
    for _ in range(20):
        source.shuffle(words)
        assert ask(" ".join(words)).hits


def test_nothing_found_offers_titles_that_begin_alike(put: Put, ask: Ask) -> None:
    put("Negotiating: a price", "Other: thing")
    results = ask("negotxxxxx")
    assert results.total == 0
    assert [link.title for link in results.close_to] == ["Negotiating"]


def test_a_word_that_is_the_beginning_of_others_finds_them(put: Put, ask: Ask) -> None:
    put("Qualification: how we qualify", "Quality: assurance")
    assert set(urls(ask("quali"))) == {"qualification/", "quality/"}
    assert urls(ask("qualif")) == ["qualification/"]
    assert urls(ask("how quali", typing=True))[0] == "qualification/"


def test_while_typing_a_whole_word_still_finds_its_other_endings(put: Put, ask: Ask) -> None:
    put("Call: one call", "Callous: people")
    assert set(urls(ask("calls", typing=True))) == {"call/"}
    assert set(urls(ask("call", typing=True))) == {"call/", "callous/"}


def test_while_typing_what_begins_so_in_the_title_comes_first(put: Put, ask: Ask) -> None:
    put("Prices: quality, qualms and qualia", "Qualification: how it works", "Offers: of quality")
    assert urls(ask("quali", typing=True))[0] == "qualification/"


@pytest.mark.slow
def test_a_word_in_every_text_does_not_fill_an_answer(put: Put, ask: Ask) -> None:
    put("Zebra: a lead for the zebra", "Another: zebra", *(f"Lead {n}: a lead, as always" for n in range(1_100)))
    assert ask("lead zebra").total == 2
    assert urls(ask("lead zebra")) == ["zebra/", "another/"]
    assert ask("lead giraffe").total > 1_000


def test_a_title_that_is_the_query_comes_first(put: Put, ask: Ask) -> None:
    put(
        "Long story: first call, first call, the first call again and once more a first call",
        "First call: What works.",
        "The first call with a stranger who never asked for it: What works.",
    )
    assert urls(ask("first call"))[0] == "first-call/"


def test_a_title_after_its_pages_title_is_the_query_as_well(put: Put, ask: Ask) -> None:
    stages = (
        "raw contact, inquiry, qualified lead, opportunity, customer: criteria of each, and of a qualified lead more"
    )
    put(
        section("funnel", "criteria", "Criteria", f"Criteria: {stages}. A qualified lead is a stage."),
        section("funnel", "", "Funnel stage", "Where somebody stands."),
        section("lead", "", "Qualified lead", "Somebody who is worth a call."),
        section("lead", "criteria", "Criteria", "1. They asked. 2. They answered. 3. They fit."),
    )
    assert urls(ask("criteria of a qualified lead"))[0] == "lead/#criteria"


def test_a_text_counts_for_as_much_as_its_page_says(put: Put, ask: Ask) -> None:
    put("Lead: a lead", "Calls: how a lead is called")
    assert urls(ask("lead")) == ["lead/", "calls/"]
    put(Draft("section:lead#", "page", "lead", "Lead", "lead/", "a lead", (), {"lead": True, "boost": 0.2}))
    assert urls(ask("lead")) == ["calls/", "lead/"]


@pytest.mark.parametrize("typed", ["handover", "hand-over", "Handover note", "hand-over notes"])
def test_a_word_is_found_written_as_one_or_as_two(put: Put, ask: Ask, typed: str) -> None:
    put(
        "One: the note for the handover",
        "Two: a hand-over, with a note",
        "Apart: over there a hand on a note",
        "X: hand over",
    )
    assert {"one/", "two/"} <= set(urls(ask(typed, limit=3))[:3])
    assert "apart/" not in urls(ask(typed))[:2]


def test_a_word_written_as_two_everywhere_is_not_taken_for_a_mistake(put: Put, ask: Ask) -> None:
    put("Two: a hand-over", "More: hand over", "Other: turnover and hangover")
    results = ask("handover")
    assert (results.corrected, set(urls(results))) == (None, {"two/", "more/"})


def test_words_that_stand_together_beat_words_that_do_not(put: Put, ask: Ask) -> None:
    put(
        "Apart: every cold weather we call",
        "Other: every weather we cold call",
    )
    assert urls(ask("cold call"))[0] == "other/"


def test_neighbours_in_a_query_are_better_as_neighbours_in_a_text(put: Put, ask: Ask) -> None:
    put("Apart: every cold script we call", "Other: every script we cold call")
    assert urls(ask("cold call script"))[0] == "other/"


def test_neighbours_may_have_words_between_them_that_say_nothing(put: Put, ask: Ask) -> None:
    put("Apart: the call will be a treat to every customer", "Other: a treat will every call to be the customer")
    assert urls(ask("what is a call to be the customer"))[0] == "other/"


def test_another_name_is_not_worth_more_for_being_longer() -> None:
    typed, other = [Sought("mql", 2.0)], [Sought("market", 2.0), Sought("qualifi", 2.0), Sought("lead", 2.0)]
    rows = [
        RankingRow(1, "a", "a/", "other", "one mql here and now"),
        RankingRow(2, "b", "b/", "other", "one market of lead here qualifi"),
    ]
    worth = Ranking([typed, other], usual=6).ranked(rows, lambda _: ())
    assert worth[2] == pytest.approx(worth[1], rel=0.1)


def test_order_means_something_even_when_every_text_has_the_word(put: Put, ask: Ask) -> None:
    put(*(f"Page {name}: some words and a lead" for name in "abcdefgh"), "Lead: what a lead is")
    results = ask("lead")
    assert urls(results)[0] == "lead/"
    assert results.hits[0].score > results.hits[1].score > 0


def test_results_are_narrowed_by_kind_team_and_place(put: Put, ask: Ask) -> None:
    put(
        section("mql", "", "Lead", "a lead", "definition", "sales", "marketing"),
        section("mql", "x", "Criteria", "of a lead", "definition", "sales"),
        section("calls", "", "Calls", "call a lead", "practice", "sales"),
    )
    assert urls(ask("lead", kind="practice")) == ["calls/"]
    assert urls(ask("lead", team="marketing")) == ["mql/"]
    assert set(urls(ask("lead in:mql"))) == {"mql/", "mql/#x"}
    assert urls(ask("lead kind:practices team:sales")) == ["calls/"] or urls(ask('lead kind:"how we work"')) == [
        "calls/"
    ]
    assert urls(ask("kind:definition in:mql team:marketing")) == ["mql/"]
    assert urls(ask('team:"The Sellers" calls', teams={"sales": "The Sellers"})) == ["calls/"]
    assert ask("lead kind:nothing").total == 3  # not a kind here, so it is text
    assert ask("lead", kind="nothing").total == 0


def test_counts_tell_what_each_choice_would_leave(put: Put, ask: Ask) -> None:
    put(
        section("mql", "", "Lead", "a lead", "definition", "sales", "marketing"),
        section("calls", "", "Calls", "call a lead", "practice", "sales"),
        section("news", "", "News", "about a lead", "practice", "marketing"),
    )
    facets = ask("lead", team="sales").facets
    assert facets.kind == {"definition": 1, "practice": 1}
    assert facets.team == {"sales": 2, "marketing": 2}


def test_hits_on_a_page_are_one_where_pages_are_asked_for(put: Put, ask: Ask) -> None:
    put(
        section("a", "", "A", "a lead"),
        section("a", "x", "Lead", "lead lead"),
        section("a", "y", "Other", "the lead"),
        section("b", "", "B", "a lead"),
    )
    results = ask("lead", by_page=True, limit=1)
    assert (results.total, results.pages) == (4, 2)
    assert urls(results) == ["a/#x"]
    assert {link.url for link in results.hits[0].also} == {"a/", "a/#y"}
    assert urls(ask("lead", by_page=True, limit=1, offset=1)) == ["b/"]


def test_turning_pages_shows_every_hit_once(put: Put, ask: Ask) -> None:
    put(*(f"Text {chr(97 + n // 26)}{chr(97 + n % 26)}: a lead {'lead ' * (n % 7)}" for n in range(130)))
    seen = [url for offset in range(0, 140, 20) for url in urls(ask("lead", limit=20, offset=offset))]
    assert len(seen) == len(set(seen)) == 130


def test_turning_pages_shows_every_hit_once_even_of_a_word_that_is_everywhere(
    put: Put, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb_server.search.engines.sqlite.CROWD", 50)
    title = ("A lead", "Lead of leads", "Something", "Something else")
    put(*(section(f"p{n}", "", title[n % 4], f"a lead {'lead ' * (n % 7)}") for n in range(130)))
    seen = [url for offset in range(0, 140, 10) for url in urls(ask("lead", limit=10, offset=offset))]
    assert len(seen) == len(set(seen)) == 130


def test_a_text_hidden_or_removed_is_gone_with_the_next_search(put: Put, ask: Ask, database: Database) -> None:
    put(section("a", "", "Secret", "of a lead"), section("b", "", "Other", "of a lead"))
    assert ask("lead").total == 2
    with database.transaction() as connection:
        storage.remove(connection, ["section:b#"], analyser_for("en"))
    hidden = Draft("section:a#", "page", "a", "Secret", "a/", "of a lead", hidden=True)
    put(hidden)
    for results in (ask("lead"), ask("secret"), ask("secre"), ask("kind:page"), ask("secrte")):
        assert (results.total, urls(results), results.facets.kind, list(results.close_to)) == (0, [], {}, [])


def test_rights_are_checked_on_the_table_even_if_an_index_were_wrong(put: Put, ask: Ask, database: Database) -> None:
    put(section("a", "", "Secret", "of a lead"))
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE documents SET hidden = 1")
    assert urls(ask("lead")) == []


def test_another_language_has_its_own_endings(put: Put, ask: Ask) -> None:
    put("Kunden: Wir rufen den Kunden an", language="de")
    assert ask("Kunde").total == 1
    put("Kunden: Wir rufen den Kunden an", language="fr")
    assert ask("Kunden").total == 1


def test_the_number_of_statements_does_not_grow_with_the_hits(put: Put, ask: Ask, database: Database) -> None:
    def statements(query: str) -> int:
        seen: list[str] = []

        def note(*arguments: object) -> None:
            if not str(arguments[2]).startswith("SET"):  # on PostgreSQL, where time has passed
                seen.append(str(arguments[2]))

        sa.event.listen(database._reader, "before_cursor_execute", note)
        ask(query, limit=50, by_page=True)
        sa.event.remove(database._reader, "before_cursor_execute", note)
        return len(seen)

    put("One: call", *(f"Lead {chr(97 + n // 26)}{chr(97 + n % 26)}: a lead" for n in range(60)))
    ask("x")
    assert statements("lead") <= statements("call") <= {"sqlite": 10, "postgresql": 13}[database.dialect]


def test_the_terminal_shows_hits_readably_and_as_json(put: Put, database: Database, settings: Settings) -> None:
    put(section("a", "", "A", "the page of a lead"), section("a", "x", "Handing over", "a lead \x1b[31m"))
    text = terminal.search(database, settings, "leed", limit=5, as_json=False)
    assert "2 results for \u201clead\u201d" in text
    assert "A \u203a Handing over (Page, a/#x)" in text
    assert "\x1b" not in text
    data = json.loads(terminal.search(database, settings, "lead", limit=1, as_json=True))
    assert (data["total"], len(data["hits"])) == (2, 1)
    assert "Nothing" in terminal.search(database, settings, "qqqq", limit=1, as_json=False)


def test_the_state_of_the_index_is_told(put: Put, database: Database, settings: Settings) -> None:
    put("One: a", "Two: b")
    assert service.index_state(database, settings) == {"engine": "database", "documents": 2, "seq": 2}


@pytest.mark.parametrize("query", ["lead", "qualified lead", '"a lead"', "lea", "lead -call"])
def test_the_same_question_has_the_same_answer(put: Put, ask: Ask, query: str) -> None:
    put(*(f"Text {chr(97 + n)}: a qualified lead" for n in range(20)))
    assert urls(ask(query)) == urls(ask(query))
