"""A finished page becomes a template that gives the same page back, whatever braces its author wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment
from mkdocs_builds import Builder

from kb_mkdocs import shells

PIECES = st.sampled_from(
    ["{% endraw %}", "{%- endraw -%}", "{%", "%}", "{{", "}}", "{#", "#}", "{", "a", " ", "\n", "raw"]
)
BRACES = (
    "<code>{% endraw %}</code> and {%- endraw -%} and {{ kb_base }} and {# a remark #} and "
    "{{ '{% endraw %}' }} stay as they are. {%raw%}{</p>"
)


@example("<pre>\n    {% if %}\n\n{% x %}\n")
@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_text_comes_through_a_template_unchanged(text: str) -> None:
    for trims in (False, True):
        environment = Environment(autoescape=True, keep_trailing_newline=True, trim_blocks=trims, lstrip_blocks=trims)
        assert environment.from_string(shells.literal(text)).render() == text


def page(content: str = "words", *, extra: str = "") -> str:
    parts = f"<title>{shells.mark('title')}</title>{shells.mark('head')}{extra}"
    return f"{parts}{shells.mark('content')}{content}{shells.mark('end')}{shells.mark('scripts')}"


def test_a_title_is_shown_as_text() -> None:
    made = shells.template(page(), name="x", title="<b> & {{ c }}", url="")
    assert "<title>&lt;b&gt; &amp; {{ c }}</title>" in rendered(made)


def test_an_address_starts_at_the_base_path_the_server_names() -> None:
    made = shells.template(page(f'<a href="{shells.BASE}a/">'), name="x", title="", url="")
    assert '<a href="/wiki/a/">' in rendered(made, kb_base="/wiki/")


def test_a_template_of_the_server_can_repeat_the_pages_own_text() -> None:
    made = shells.template(page(), name="x", title="", url="", intro="<p>own {% text</p>")
    child = "{% extends shell %}{% block content %}before {{ self.intro() }} after{% endblock %}"
    assert "before <p>own {% text</p> after" in rendered(made, child)
    assert "own" not in rendered(made)


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("address", ["a/b", "../x", ".", "?query=1"])
def test_a_relative_address_stops_the_build(address: str, quote: str) -> None:
    with pytest.raises(shells.ShellError, match="relative address"):
        shells.template(page(extra=f"<a href={quote}{address}{quote}>"), name="x", title="", url="")


@pytest.mark.parametrize(
    "address", ["#top", "", "https://example.com/", "//example.com/", "/elsewhere", "mailto:a@b.example"]
)
def test_an_address_that_leads_elsewhere_is_left_alone(address: str) -> None:
    assert f'href="{address}"' in rendered(
        shells.template(page(extra=f'<a href="{address}">'), name="x", title="", url="")
    )


@pytest.mark.parametrize(
    ("page_url", "address", "expected"),
    [
        ("a/b/", "../c/", "a/c/"),
        ("a/b/", "#x", "#x"),
        ("a/b.html", "c.html#x", "a/c.html#x"),
        ("", "a/?q=1", "a/?q=1"),
        ("a/", "..", ""),
    ],
)
def test_the_pages_own_addresses_are_made_to_start_at_the_base(page_url: str, address: str, expected: str) -> None:
    moved = shells.rooted(f"""<a class="x" href="{address}"><a href='{address}'>""", page_url)
    assert moved.replace(shells.BASE, "") == f"""<a class="x" href="{expected}"><a href='{expected}'>"""


def test_a_part_shown_twice_stops_the_build() -> None:
    with pytest.raises(shells.ShellError, match="'head' 2 times"):
        shells.template(page(extra=shells.mark("head")), name="x", title="", url="")


@pytest.mark.slow
def test_a_built_page_with_braces_is_the_same_from_the_server(built: Builder) -> None:
    made = built(Path(__file__).parent / "cases" / "braces").shell("braces")
    assert BRACES in rendered(made, kb_base="/elsewhere/")


def rendered(source: str, child: str = "", **values: str) -> str:
    environment = Environment(autoescape=True, loader=DictLoader({}))
    shell = environment.from_string(source)
    template = environment.from_string(child) if child else shell
    return template.render(**{"kb_base": "/", "kb_origin": "https://wiki.example", "shell": shell, **values})
