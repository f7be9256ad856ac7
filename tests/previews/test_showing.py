"""What a page of a branch can do to whoever looks at it: nothing. What it is, it says before anything of its own."""

from __future__ import annotations

import html5lib
import pytest

from kb_server.previews import showing

ABOVE = '<aside id="said">Preview</aside>'
PAGE = """<!doctype html>
<html lang="en" class="no-js">
  <head><meta name="description" content="{description}"><title>{title}</title></head>
  <body dir="ltr" data-md-color-scheme="default">{body}</body>
</html>"""


@pytest.mark.parametrize(
    "hostile",
    [
        {"description": '"><body hidden><p>First'},
        {"title": "</title><body><p>First"},
        {"body": "</body></html><p>First"},
        {"body": "<!-- <script>"},
        {"body": "<script>" * 1000},
        {},
    ],
    ids=str,
)
def test_what_it_is_stands_before_everything_in_a_page_whatever_that_holds(hostile: dict[str, str]) -> None:
    usual = {"description": "Usual", "title": "Usual", "body": "<p>Text</p>"}
    html = showing.page(PAGE.format(**usual | hostile), ABOVE, "Preview: Usual")
    found = html5lib.parse(html, namespaceHTMLElements=False)
    body = found.find("body")
    assert [one.get("id") for one in body[:1]] == ["said"]
    assert found.find("head").find("title").text == "Preview: Usual"
    assert found.find("head").find("meta").get("content") == "noindex"
    assert body.get("data-md-color-scheme") == "default"  # the page's own attributes are the body's all the same
    assert found.get("lang") == "en"


def test_a_page_may_neither_run_nor_send_nor_load_anything_but_pictures_and_the_wikis_styles() -> None:
    rules = dict(rule.strip().partition(" ")[::2] for rule in showing.policy("style-src 'self' 'sha256-x'").split(";"))
    assert rules["default-src"] == rules["form-action"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert set(rules) == {
        *("default-src", "form-action", "base-uri", "frame-ancestors", "sandbox"),
        *("style-src", "img-src", "font-src"),
    }
    assert not {"allow-scripts", "allow-forms", "allow-modals"} & set(rules["sandbox"].split())
    assert rules["style-src"].startswith("'self' 'sha256-x' 'sha256-")


def test_a_browser_shows_the_icon_of_the_wiki_though_the_document_begins_before_it() -> None:
    icon = '<link rel="icon" href="../icon.svg">'
    html = showing.page(PAGE.format(description="", title="", body="") + icon, ABOVE, "Preview")
    assert html.index(icon) < html.index(ABOVE)


def test_scripts_that_would_not_run_are_left_out() -> None:
    assert showing.without_scripts('<p>1<SCRIPT src="a"></script>2<script>"<script>"</script>3') == "<p>123"
    assert showing.without_scripts("<p>1<script>2") == "<p>1<script>2"


def test_scripts_in_scripts_take_no_more_time_than_the_page_is_long() -> None:
    class Page(str):
        __slots__ = ()
        looked = 0

        def find(self, *wanted: object) -> int:
            Page.looked += 1
            return super().find(*wanted)  # type: ignore[arg-type]

    assert showing.without_scripts(Page("<script>" * 1000 + "</script>1")) == "1"
    assert Page.looked == 1


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="preconnect" href="//x.example">',
        "<LINK/rel=dns-prefetch href=//x.example>",
        '<link a=">" rel="pre&#99;onnect" href="//x.example">',
        '<link x=\' rel="icon" \' rel="preconnect" href="//x.example">',
        '<li<script type="a/b"></script>nk rel="preconnect" href="//x.example">',
        '<link rel="preconnect" rel="icon" href="//x.example">',
    ],
)
def test_a_page_tells_no_other_machine_that_somebody_is_looking(link: str) -> None:
    icon = '<link rel="icon" href="i.png">'
    html = showing.page(PAGE.format(description=f'">{icon}{link}', title="Usual", body=link), ABOVE, "Usual")
    found = html5lib.parse(html, namespaceHTMLElements=False)
    assert {one.get("rel") for one in found.iter("link")} == {"icon"}
    assert found.find("body")[0].get("id") == "said"


def test_a_page_is_dark_for_whoever_wants_that_without_a_script() -> None:
    palette = '<input data-md-color-media="(prefers-color-scheme: dark)" data-md-color-scheme="slate">'
    sheet = '<link rel="stylesheet" href="../a.css">'
    assert 'media="(prefers-color-scheme: dark)" href="../a.css?dark">' in showing.page(sheet + palette, "", "")
    assert "?dark" not in showing.page(sheet, "", "")
    css = '@media screen{[data-md-color-scheme="slate"] p{color:red}}b{c:d}[data-md-color-scheme=slate][x]{e:f}'
    assert showing.darkened(css) == (
        "@media screen{[data-md-color-scheme=default] p{color:red}}[data-md-color-scheme=default][x]{e:f}"
    )
