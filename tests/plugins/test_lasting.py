"""Links that last, on the page: copied at headings, and answered for by the page that once had their fragment."""

from __future__ import annotations

import pytest

from kb_mkdocs.lasting import Lasting
from kb_server.pages.history import Address, History, Target
from kb_server.pages.leading import Leads
from kb_server.pages.manifest import Page, Section

HTML = '<h1>Handover</h1>\n<p>Text</p>\n<h2 id="steps">Steps &amp; <em>more</em></h2>\n<p>One</p>'


def page(page_id: str, *anchors: str, permanent: bool = True) -> Page:
    sections = tuple(Section(anchor, anchor.title(), 2, "", "", None, "") for anchor in ("", *anchors))
    return Page(page_id, "page", f"now/{page_id}/", page_id.title(), "", permanent=permanent, sections=sections)


def lasting(former: dict[str, Target | None] | None = None, *, permanent: bool = True) -> Lasting:
    own = page("handover", "steps", permanent=permanent)
    past = History(addresses={own.url: Address(Target("handover"), former or {})})
    return Lasting(own, Leads((own, page("calls", "first")), past))


def test_every_heading_has_its_link_that_lasts_to_copy() -> None:
    made = lasting().with_copies(HTML)
    assert 'href="../../p/handover/" data-kb-copy="p/handover/"' in made
    assert 'href="../../p/handover/steps/" data-kb-copy="p/handover/steps/"' in made
    assert 'aria-label="Copy link to Steps &amp; more"' in made
    assert made.count("headerlink") == 2


def test_the_title_has_the_link_of_the_page_even_if_it_has_an_id() -> None:
    made = lasting().with_copies('<h1 id="handover">Handover</h1>')
    assert 'data-kb-copy="p/handover/"' in made


def test_on_a_page_without_a_title_it_is_said_above_everything() -> None:
    made = lasting({"old": None}).with_former("<p>Text</p>")
    assert made.startswith('\n<aside class="kb-panel kb-was" id="old">')
    assert made.endswith("</aside>\n<p>Text</p>")


def test_a_page_without_an_id_of_its_own_offers_the_address_it_has() -> None:
    made = lasting(permanent=False).with_copies(HTML)
    assert 'data-kb-copy="now/handover/#steps"' in made
    assert 'data-kb-copy="now/handover/"' in made


def test_the_themes_own_link_gives_way() -> None:
    theirs = HTML.replace("</h2>", '<a class="headerlink" href="#steps" title="Permanent link">&para;</a></h2>')
    assert lasting().with_copies(theirs) == lasting().with_copies(HTML)


@pytest.mark.parametrize("html", ["<h2>No id</h2>", '<p id="x">No heading</p>', '<h2 id="x">Not closed', ""])
def test_what_is_no_heading_with_an_id_stays_as_it_is(html: str) -> None:
    assert lasting().with_copies(html) == html


def test_a_section_with_another_name_now_still_answers_to_the_old_one() -> None:
    made = lasting({"how-it-goes": Target("handover", "steps")}).with_former(HTML)
    assert '<h2 id="steps"><span class="kb-was" id="how-it-goes"></span>Steps' in made


def test_a_section_that_is_the_page_as_a_whole_now_is_said_to_be() -> None:
    made = lasting({"intro": Target("handover")}).with_former(HTML)
    assert '<a href="./" data-kb-led="intro">Handover</a>' in made


def test_a_section_that_has_moved_to_another_page_leads_there() -> None:
    made = lasting({"call": Target("calls", "first")}).with_former(HTML)
    assert '<h1>Handover</h1>\n<aside class="kb-panel kb-was" id="call">' in made
    assert '<a href="../calls/#first" data-kb-led="call">First</a>' in made


def test_a_section_that_is_gone_is_said_to_be() -> None:
    made = lasting({"old": None}).with_former(HTML)
    assert '<aside class="kb-panel kb-was" id="old"><p><b>This part is not there any more.</b>' in made


def test_a_fragment_that_something_else_has_now_is_left_to_it() -> None:
    html = f'{HTML}<p id="old">A footnote</p>'
    assert lasting({"old": None}).with_former(html) == html


def test_what_an_anchor_is_called_cannot_break_out() -> None:
    made = lasting({'"><script>x</script>': None}).with_former(HTML)
    assert "<script>" not in made


def test_a_name_that_another_part_had_before_is_told_where_it_is_used_now() -> None:
    own = page("handover", "steps")
    doubt = {"steps": (Target("calls", "first"), Target("lost")), "gone": (Target("calls"),)}
    past = History(addresses={own.url: Address(Target("handover"), others=doubt)})
    made = Lasting(own, Leads((own, page("calls", "first")), past)).with_former(HTML)
    assert made.count("kb-doubt") == 1
    assert '</h2><aside class="kb-panel kb-was kb-doubt"><p>If an old link led you here' in made
    assert '<a href="../calls/#first">First</a></p>' in made


def test_a_name_that_a_part_had_that_is_gone_is_told_too() -> None:
    own = page("handover", "steps")
    past = History(addresses={own.url: Address(Target("handover"), others={"steps": ()})})
    assert "and is gone.</p></aside>" in Lasting(own, Leads((own,), past)).with_former(HTML)


def test_where_a_section_went_that_nobody_is_sure_of_is_said_and_not_followed() -> None:
    own, calls = page("handover", "steps"), page("calls", "first")
    past = {own.url: Address(Target("handover"), {"how": Target("handover", "steps")}, others={"how": ()})}
    made = Lasting(own, Leads((own, calls), History(addresses=past))).with_former(HTML)
    assert '<aside class="kb-panel kb-was" id="how"><p><b>This part may have another name now.</b>' in made
    assert '<a href="#steps">Steps</a>' in made
    assert "data-kb-led" not in made
