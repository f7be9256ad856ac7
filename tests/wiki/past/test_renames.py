"""Which page that came is one that went: by its id, its content, or enough of its text."""

from __future__ import annotations

import pytest
from pasts import prose

from kb_server.wiki import outline
from kb_server.wiki.past.renames import Page, renamed


def page(source: str, own: str | None = None) -> Page:
    return Page(source, outline.read(source), source if own is None else own)


def pages(**sources: str) -> dict[str, Page]:
    """Pages by path, `a__b` being a/b.md."""
    return {f"{name.replace('__', '/')}.md": page(source) for name, source in sources.items()}


def known(page_id: str, text: str) -> str:
    return f"---\nid: {page_id}\n---\n{text}"


ONE, OTHER, THIRD = prose(1, 12), prose(2, 12), prose(3, 12)


def kept(lines: int, fresh: int = 0) -> str:
    """So many of the twelve lines of a page, and so many others."""
    return "\n".join([*ONE.splitlines()[:lines], *prose(9, 20).splitlines()[:fresh]])


def test_an_id_says_it_whatever_the_text_is() -> None:
    gone = pages(a=known("leads", ONE), b=known("calls", OTHER))
    come = pages(x=known("calls", ONE), y=known("leads", THIRD))
    assert renamed(gone, come) == {"a.md": "y.md", "b.md": "x.md"}


def test_the_same_content_goes_before_what_is_alike() -> None:
    assert renamed(pages(a=ONE), pages(x=kept(12, 1), y=ONE)) == {"a.md": "y.md"}
    assert renamed(pages(a=""), pages(x="")) == {}


def test_of_several_with_the_same_content_each_goes_to_the_like_of_its_name() -> None:
    gone, come = pages(one__a=ONE, two__a=ONE, b=ONE), pages(new__two__a=ONE, new__one__a=ONE, new__b=ONE)
    assert renamed(gone, come) == {"one/a.md": "new/one/a.md", "two/a.md": "new/two/a.md", "b.md": "new/b.md"}


@pytest.mark.parametrize(
    ("lines", "fresh", "same"),
    [
        (7, 5, True),
        (5, 7, False),
        (12, 18, True),  # it grew
        (10, 20, True),  # and was edited
        (8, 20, False),
        (8, 0, True),  # it was cut
        (2, 0, False),  # of too little is not known whose it was
    ],
)
def test_a_page_in_another_place_has_half_of_the_text_or_is_part_of_it(lines: int, fresh: int, *, same: bool) -> None:
    assert renamed(pages(a=ONE), pages(x=kept(lines, fresh))) == ({"a.md": "x.md"} if same else {})


@pytest.mark.parametrize(("lines", "same"), [(18, True), (12, False)])
def test_of_a_page_that_was_cut_a_quarter_must_be_left(lines: int, *, same: bool) -> None:
    whole = prose(1, 60)
    cut = "\n".join(whole.splitlines()[:lines])
    assert renamed(pages(a=whole), pages(x=cut)) == ({"a.md": "x.md"} if same else {})


def test_a_page_of_few_words_is_in_others_by_chance() -> None:
    assert renamed(pages(a=kept(3)), pages(x=ONE)) == {}
    assert renamed(pages(a=kept(5)), pages(x=ONE)) == {"a.md": "x.md"}


@pytest.mark.parametrize(("lines", "same"), [(4, True), (2, False)])
def test_with_its_name_or_its_title_a_quarter_is_enough(lines: int, *, same: bool) -> None:
    some = kept(lines, 12 - lines)
    assert renamed(pages(a=ONE), pages(new__a=some)) == ({"a.md": "new/a.md"} if same else {})
    assert renamed(pages(a__index=ONE), pages(a=some)) == ({"a/index.md": "a.md"} if same else {})
    titled = renamed(pages(a=f"# Leads\n\n{ONE}"), pages(x=f"# Leads\n\n{some}"))
    assert titled == ({"a.md": "x.md"} if same else {})
    assert renamed(pages(a=ONE), pages(x=some)) == {}


def test_of_two_that_are_alike_it_is_the_more_alike_one() -> None:
    assert renamed(pages(a=ONE), pages(x=kept(8, 4), y=kept(11, 1))) == {"a.md": "y.md"}
    assert renamed(pages(a=ONE, b=kept(9, 3)), pages(x=kept(11, 1))) == {"a.md": "x.md"}


def test_text_of_a_template_says_nothing() -> None:
    gone = {"a.md": page(f"# A\n\n{ONE}", own="")}
    assert renamed(gone, {"x.md": page(f"# X\n\n{ONE}\n", own="")}) == {}


def test_among_very_many_pages_each_finds_its_own() -> None:
    gone = {f"{at}.md": page(prose(at, 8)) for at in range(25)}
    come = {f"new/x{at}.md": page(f"{prose(at, 8)}\nOne more line that was put in.") for at in range(25)}
    assert renamed(gone, come) == {f"{at}.md": f"new/x{at}.md" for at in range(25)}
