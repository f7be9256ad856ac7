"""What is done to finished pages: the search switch, the mends, the policy. Each says so when the theme has changed."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kb_mkdocs import mends, policy, running, search_switch
from kb_mkdocs.assets import bundle
from kb_mkdocs.diagrams import description
from kb_mkdocs.finish import Finish
from kb_mkdocs.plain import json_safe

WORKER = "../assets/javascripts/workers/search.a7.min.js"
CONFIG = f'<script id="__config" type="application/json">{{"search": "{WORKER}"}}</script>'
RULES = mends.mends(search="Suche", post="Beitrag")


def test_the_dialog_asks_our_worker_and_ours_knows_the_other() -> None:
    ours = '"search": "../assets/kb-1/w.js?builtin=assets/javascripts/workers/search.a7.min.js"'
    for page in (CONFIG, CONFIG.replace("../assets/", "")):  # the other is one that is called Assets
        assert ours in (search_switch.switched(page, "assets/kb-1/w.js") or "")


def test_without_scripts_there_is_a_link_to_the_page_of_results() -> None:
    page = search_switch.switched(f"{mends.DIALOG}>{CONFIG}", "w.js") or ""
    assert '<noscript><a class="kb-search-link" href="../search/">' in page.partition(mends.DIALOG)[0]
    assert "noscript" not in (search_switch.switched(CONFIG, "w.js") or "")


def test_words_in_a_page_that_look_like_a_worker_stay_words() -> None:
    words = '"search": "assets/javascripts/workers/search.a7.min.js"'
    assert (search_switch.switched(words + CONFIG, "w.js") or "").startswith(words)


def test_a_page_without_the_themes_configuration_stays_as_it_is() -> None:
    assert search_switch.switched("<p>text</p>", "w.js") == "<p>text</p>"


def test_the_build_warns_the_day_the_theme_names_its_worker_otherwise() -> None:
    finish = Finish(worker="w.js")
    page = CONFIG.replace("workers/search", "search/worker")
    assert finish(page) == page
    assert finish.warnings == {search_switch.CHANGED}


def test_the_full_index_waits_aside(tmp_path: Path) -> None:
    full = {"config": {"separator": "[\\s-]+"}, "docs": [{"text": "words"}]}
    (tmp_path / "search_index.json").write_text(json.dumps(full), encoding="utf-8")
    search_switch.set_index_aside(tmp_path)
    assert json.loads((tmp_path / "search_index.json").read_text()) == {"config": full["config"], "docs": []}
    assert json.loads((tmp_path / "search_index.full.json").read_text()) == full


@pytest.mark.parametrize(
    ("markup", "addition"),
    [
        (mends.DIALOG, 'aria-label="Suche"'),
        (mends.PROGRESS, 'aria-hidden="true"'),
        (mends.POST_FACTS, 'aria-label="Beitrag"'),
        (mends.POST_MORE, 'role="presentation"'),
    ],
)
def test_a_fault_of_the_theme_is_mended_once(markup: str, addition: str) -> None:
    mended, missed = mends.mended(f"{markup}>", RULES)
    assert mended == f"{markup} {addition}>"
    assert not missed
    assert mends.mended(mended, RULES) == (mended, [])


def test_the_build_warns_the_day_the_markup_to_mend_has_changed() -> None:
    finish = Finish(rules=RULES)
    finish('<dialog data-md-component="search">')
    assert any("aria-dialog-name" in warning for warning in finish.warnings)


def test_the_policy_allows_the_themes_scripts_and_not_an_authors() -> None:
    hashes = policy.Hashes()
    content = "<script>author()</script>"
    hashes.collect(
        f"<script>theme()</script><main>{content}</main><style>t{{}}</style><script src=x></script>", content
    )
    hashes.collect('<script type="application/json">{}</script><script type=module>theme2()</script>')
    assert len(hashes.scripts) == 2
    assert len(hashes.styles) == 1
    value = policy.policy(hashes)
    assert "unsafe" not in value
    assert "http" not in value
    assert "\n" not in value


def test_the_build_warns_before_the_policy_outgrows_a_header() -> None:
    finish = Finish()
    for number in range(policy.MOST_HASHES):
        finish(f"<script>page = {number}</script>")
    assert not finish.all_warnings()
    finish("<style>one more</style>")
    assert "41 different scripts and styles" in finish.all_warnings()[0]


@pytest.mark.parametrize(
    "content",
    [
        "<script>x</script>",
        "<SCRIPT type='module'>x</SCRIPT>",
        '<p class="a" onclick="x">',
        "<img src=x\nonerror = x>",
        "<svg/onload=x>",
        '<a href="javascript:x">',
        "<a title=b href='JavaScript:x'>",
        "<script>x</script anything>",
        "<script>x",
        "<script data-x=' src=a'>x</script>",
        "<script data-x=' type=text/plain'>x</script>",
        "<script type=text/jscript>x</script>",
        "<svg><script xlink:href=data:,x />",
        "<script type=' Text/JavaScript; charset=utf-8 '>x</script>",
        '<a href="&#106;avascript:x">',
        '<a href="java&Tab;script&colon;x">',
        '<a href="java\tscript:x">',
        '<a href="\x01javascript:x">',
        "<a href=javascript:x>",
        '<a x=">" href="javascript:x">',
        '<p " onclick=x>',
        '<p title=">" onclick="x">',
        '<!-- <p title=" --> <img src=x onerror=x> <!-- "> -->',
        '<svg><a xlink:href="javascript:x">',
        '<svg><animate attributeName=href to="javascript:x">',
        '<iframe srcdoc="&lt;script&gt;x&lt;/script&gt;">',
        '<a href="data:text/html,&lt;script&gt;x&lt;/script&gt;">',
        '<meta http-equiv="refresh" content="0;url=javascript:x">',
        f"<p {' '.join(f'a{number}' for number in range(70))} onclick=x>",
    ],
)
def test_an_authors_script_is_noticed(content: str) -> None:
    assert running.refused(content)


@pytest.mark.parametrize(
    "content",
    [
        '<meta http-equiv="refresh" content="0; url=https://evil.example/">',
        "<META HTTP-EQUIV=' Refresh ' CONTENT=5>",
        "<meta content=0 http-equiv=refresh>",
        '<meta/http-equiv="&#114;efresh" content="0">',
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">",
        "<meta http-equiv=set-cookie content=a=b>",
    ],
)
def test_what_a_page_says_in_the_servers_place_is_noticed(content: str) -> None:
    found = running.refused(content)
    assert found
    assert (found.sign, found.fix) == ("http-equiv", "Take it out.")


@pytest.mark.parametrize(
    "content",
    [
        '<meta http-equiv="Content-Type" content="text/html"> <p>http-equiv="refresh"</p>',
        "<p>on click = on, once=1, javascript: is a language</p>",
        "<code>&lt;script&gt;x&lt;/script&gt; &lt;p onclick=x&gt;</code>",
        '<script type="application/json">{}</script>',
        '<script src="own.js"></script>',
        '<a href="../onboarding/?on=1">one</a>',
        '<p data-on="1" aria-controls="x">',
        '<a href="tel:+4930123">call</a> <a href="a.md?b=c:d&amp;e">',
        '<img src="data:image/png;base64,AAAA"> <img src="data:image/svg+xml,x">',
        '<p>it is written <a href="x/">javascript:</a> <noscript>a</noscript>',
    ],
)
def test_words_about_scripts_are_just_words(content: str) -> None:
    assert not running.refused(content)


@pytest.mark.parametrize(
    "title", ['A "good" question: on what day?', "R&D <b>news</b>", "x < y", "on=off", "Java: scripts"]
)
def test_a_title_may_have_any_words(title: str) -> None:
    assert not running.refused_in_a_theme(title)


@pytest.mark.parametrize(
    "piece", ["<script", '<a b="', "<a b c ", "<!--", "<svg onload", ' on="', "href=javascript", "&#"]
)
def test_a_page_made_to_be_slow_is_read_in_time(piece: str) -> None:
    started = time.thread_time()
    running.refused(piece * (100_000 // len(piece)))
    policy.Hashes().collect(piece * (100_000 // len(piece)))
    policy.dropped(piece * (100_000 // len(piece)))
    assert time.thread_time() - started < 2


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        ('<p style="x">', ("style",)),
        ("<style>x</style>", ("style",)),
        ('<img alt="" src="https://example.com/a.png">', ("foreign",)),
        ('<img src="//example.com/a.png">', ("foreign",)),
        ('<a href="https://example.com/">style="x"</a>', ()),
        ('<img src="a.png">', ()),
    ],
)
def test_what_the_policy_takes_out_is_known(content: str, kinds: tuple[str, ...]) -> None:
    assert policy.dropped(content) == kinds


def test_assets_have_another_address_when_anything_in_them_changes(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "js").mkdir()
    for name, text in (("css/10-theme.css", "a{}"), ("css/20-parts.css", "b{}\n"), ("js/kb.js", "1")):
        (tmp_path / name).write_text(text)
    whole, bare = bundle(tmp_path), bundle(tmp_path, look=False)
    assert whole.files["kb.css"] == b"a{}\nb{}\n"
    assert bare.files["kb.css"] == b"b{}\n"
    assert whole.folder != bare.folder
    (tmp_path / "js/kb.js").write_text("2")
    assert bundle(tmp_path).folder != whole.folder
    assert bundle(tmp_path).url("none.js") == ""


def test_front_matter_becomes_json() -> None:
    meta = {
        "review": date(2027, 3, 14),
        "at": datetime(2027, 3, 14, 9, 0, tzinfo=UTC),
        1: [True, None, 1.5, float("nan")],
        "x": object(),
    }
    assert json_safe(meta) == {
        "review": "2027-03-14",
        "at": "2027-03-14T09:00:00+00:00",
        "1": [True, None, 1.5, None],
        "x": None,
    }


@pytest.mark.slow
def test_front_matter_that_repeats_itself_without_end_does_not_fill_the_memory() -> None:
    ten: list[Any] = list("0123456789")
    for _ in range(9):
        ten = [ten] * 10
    assert len(json.dumps(json_safe({"bomb": ten}))) < 1_000_000
    ten.append(ten)
    assert json_safe(ten)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("flowchart LR\n  a --> b", ""),
        ("flowchart LR\n  accTitle: One.\n  accDescr: Two\n  a --> b", "One. Two"),
        ("pie\n accDescr {\n  several\n  lines.\n }", "several lines"),
    ],
)
def test_a_diagram_says_what_its_author_wrote_for_those_who_do_not_see_it(source: str, said: str) -> None:
    assert description(source) == said


def test_a_site_that_keeps_its_own_look_gets_buttons_in_its_own_colours() -> None:
    ours, theirs = (bundle(look=look).files["kb.css"].decode() for look in (True, False))
    assert "--kb-action: #" in ours
    assert "--kb-action: #" not in theirs
    assert "--kb-action: var(--md-primary-fg-color)" in theirs
