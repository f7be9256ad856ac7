"""Where links lead: with every fragment, and never silently to the wrong place."""

from __future__ import annotations

from dataclasses import replace

from kb_server.pages.history import Address, History, Removed, Target
from kb_server.pages.leading import Lead, Leads, permanent_address
from kb_server.pages.manifest import Page, Section

HERE = Target("handover")


def page(page_id: str, *anchors: str) -> Page:
    sections = tuple(Section(anchor, anchor.title() or page_id, 2, "", "", None, "") for anchor in ("", *anchors))
    return Page(page_id, "page", f"now/{page_id}/", page_id.title(), f"{page_id}.md", sections=sections)


def leads(addresses: dict[str, Address], ids: dict[str, str] | None = None) -> Leads:
    pages = (page("handover", "steps", "who"), page("calls", "first"))
    return Leads(pages, History(addresses=addresses, ids=ids or {}))


def test_a_permanent_link_leads_to_the_page_and_to_its_section() -> None:
    known = leads({})
    assert known.permanent("handover") == Lead("now/handover/", "Handover")
    assert known.permanent("handover", "steps") == Lead("now/handover/#steps", "Handover")
    assert known.permanent("nothing") is None


def test_a_section_that_never_was_leads_to_its_page() -> None:
    assert leads({}).permanent("handover", "nonsense") == Lead("now/handover/", "Handover", is_gone=True)


def test_a_section_that_was_renamed_or_moved_is_found_by_its_old_name() -> None:
    known = leads(
        {"now/handover/": Address(HERE, {"how": Target("handover", "steps"), "talk": Target("calls", "first")})}
    )
    assert known.permanent("handover", "how") == Lead("now/handover/#steps", "Handover")
    assert known.permanent("handover", "talk") == Lead("now/calls/#first", "Handover")


def test_a_section_that_is_gone_leads_to_where_the_page_says_so() -> None:
    known = leads({"now/handover/": Address(HERE, {"old": None})})
    assert known.permanent("handover", "old") == Lead("now/handover/#old", "Handover", is_gone=True)
    assert known.below("handover") == {"old": None}


def test_an_old_address_leads_to_where_its_page_is_now() -> None:
    known = leads({"old/": Address(HERE, {"how": Target("handover", "steps")})})
    assert known.former("old/") == Lead("now/handover/", "Handover")
    assert known.former("old/", "how") == Lead("now/handover/#steps", "Handover")
    assert known.former("old/", "steps") == Lead("now/handover/#steps", "Handover")
    assert known.below("handover") == {"how": Target("handover", "steps")}
    assert known.former("never/") is None
    assert known.former_addresses() == ["old/"]


def test_a_fragment_that_is_another_sections_now_is_told_apart() -> None:
    known = leads({"old/": Address(HERE, {"who": Target("calls", "first")})})
    assert known.former("old/") == Lead("now/handover/", "Handover", sections={"who": "now/calls/#first"})


def test_a_fragment_of_two_old_addresses_is_told_apart_where_they_differ() -> None:
    steps, first = Target("handover", "steps"), Target("calls", "first")
    known = leads({"a/": Address(HERE, {"how": steps}), "b/": Address(HERE, {"how": first})})
    assert known.former("a/") == Lead("now/handover/", "Handover")
    assert known.former("b/") == Lead("now/handover/", "Handover", sections={"how": "now/calls/#first"})


def test_a_section_that_became_part_of_another_page_leads_there_with_the_page() -> None:
    known = leads({"old/": Address(Target("handover", "who"), {"how": None})})
    assert known.former("old/") == Lead("now/handover/#who", "Handover")


def test_a_removed_page_says_what_replaces_it() -> None:
    gone = Removed("Fairs", "2026-06-03", "Fold into events", page="fairs", instead=(Target("calls"), Target("lost")))
    known = leads({"fairs/": Address(None, removed=gone)})
    assert known.former("fairs/") == Lead(removed=gone)
    assert known.permanent("fairs") == known.permanent("fairs", "stands") == Lead(removed=gone)
    assert known.replacing(gone) == [("Calls", "now/calls/")]


def test_the_id_of_a_page_that_was_merged_leads_to_where_its_text_is() -> None:
    known = leads({"old/": Address(HERE, {"how": Target("handover", "steps")})}, {"old-id": "old/"})
    assert known.permanent("old-id") == Lead("now/handover/", "Handover")
    assert known.permanent("old-id", "how") == Lead("now/handover/#steps", "Handover")


def test_a_name_by_which_a_page_was_known_outlives_it_unless_another_is_called_so() -> None:
    gone = Removed("Fairs", "2026-06-03", "Fold into events", page="fairs")
    known = leads({"fairs/": Address(None, removed=gone), "old/": Address(HERE)}, {"old-id": "old/"})
    assert known.short("fairs", {}) == Lead(removed=gone)
    assert known.short("old-id", {}) == Lead("now/handover/", "Handover")
    assert known.short("fairs", {"fairs": "calls"}) == Lead("now/calls/", "Calls")
    assert known.short("handover", {}) is None
    assert {"go/fairs/", "go/old-id/"} <= {address for address, _ in known.every({})}


def test_a_history_that_knows_of_what_has_gone_since_leads_to_what_is_left() -> None:
    known = leads(
        {
            "old/": Address(Target("lost")),
            "now/handover/": Address(HERE, {"a": Target("lost", "x"), "b": Target("calls", "lost")}),
        }
    )
    assert known.former("old/") == Lead(removed=Removed("", "", ""))
    assert known.below("handover") == {"a": None, "b": Target("calls")}


def test_a_name_that_several_parts_had_stays_doubtful_when_the_page_moves() -> None:
    first, who, steps = Target("calls", "first"), Target("handover", "who"), Target("handover", "steps")
    known = leads(
        {
            "old/": Address(HERE, others={"steps": (first, steps), "who": (), "past": (first,)}),
            "older/": Address(HERE, {"who": first}, others={"who": (first,), "steps": (who, first, Target("lost"))}),
            "now/handover/": Address(HERE, others={}),
            "else/": Address(Target("calls"), others={"steps": (who,)}),
        }
    )
    assert known.doubtful("handover") == {"steps": [first, who], "who": []}
    assert known.doubtful("calls") == {}
    assert leads({}).doubtful("handover") == {}


def test_a_part_is_known_by_the_names_it_has_and_had() -> None:
    known = leads({"now/handover/": Address(HERE, {"how": Target("handover", "steps"), "gone": None})})
    assert known.knows("handover", "steps")
    assert known.knows("handover", "how")
    assert known.knows("handover", "gone")
    assert not known.knows("handover", "never")
    assert not known.knows("nobody", "steps")


def test_a_permanent_address_holds_whatever_an_author_called_a_part() -> None:
    assert permanent_address("calls") == "p/calls/"
    assert permanent_address("calls", "a/b c") == "p/calls/a%2Fb%20c/"


def test_only_ids_that_authors_gave_are_listed_as_permanent() -> None:
    given, derived = page("given", "one"), replace(page("derived", "one"), permanent=False)
    past = History(addresses={"nameless/": Address(None, removed=Removed("Nameless", "", "")), "x/": Address(HERE)})
    listed = dict(Leads((given, derived), past).every({"short": "given", "wrong": "nobody"}))
    assert sorted(listed) == ["go/short/", "nameless/", "p/given/", "p/given/one/", "x/"]


def test_an_old_address_with_a_part_leads_to_where_that_is_or_says_that_it_is_gone() -> None:
    known = leads({"old/": Address(HERE, {"gone": None, "top": HERE}), "now/handover/": Address(HERE)})
    assert known.former("old/", "gone") == Lead("now/handover/#gone", "Handover", is_gone=True)
    assert known.former("old/", "never") == Lead("now/handover/", "Handover", is_gone=True)
    assert known.former("old/", "top") == Lead("now/handover/", "Handover")


def test_a_part_that_is_gone_while_its_name_is_anothers_leads_to_the_top() -> None:
    known = leads({"old/": Address(HERE, {"who": None})})
    assert known.former("old/") == Lead("now/handover/", "Handover", sections={"who": "now/handover/"})


def test_a_section_nobody_is_sure_of_leads_to_where_its_page_says_so() -> None:
    guessed = Address(HERE, {"how": Target("calls", "first")}, others={"how": ()})
    known = leads({"now/handover/": guessed, "old/": guessed})
    assert known.unsure("handover") == {"how": [Target("calls", "first")]}
    assert known.permanent("handover", "how") == Lead("now/handover/#how", "Handover")
    assert known.former("old/", "how") == Lead("now/handover/#how", "Handover")
    two = replace(guessed, sections={"how": None}, others={"how": (HERE, Target("calls", "first"))})
    assert leads({"now/handover/": two}).unsure("handover") == {"how": [HERE, Target("calls", "first")]}


def test_a_guess_is_not_followed_where_a_fragment_is_another_sections_now() -> None:
    known = leads({"old/": Address(HERE, {"who": Target("calls", "first")}, others={"who": ()})})
    led = known.former("old/")
    assert led
    assert led.sections == {"who": "now/handover/"}


def test_the_parts_of_a_removed_page_lead_to_where_they_stand_for_sure() -> None:
    gone = Removed("Old page", "2026-01-02", "Tidy up")
    sections = {"how": Target("handover", "steps"), "who": Target("calls", "first"), "lost": None}
    known = leads({"old/": Address(None, sections, gone, others={"who": ()})})
    assert known.former("old/") == Lead(removed=gone, sections={"how": "now/handover/#steps"})
    assert known.former("old/", "how") == Lead("now/handover/#steps", "Steps")
    assert known.former("old/", "who") == known.former("old/", "lost") == known.former("old/")
