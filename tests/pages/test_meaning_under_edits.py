"""Generated texts under generated edits, through real Markdown: every edit of content is noticed, no edit of form is.

A text is a list of blocks, a block a list of words, each with what is done to it. `written` writes the same text in
many ways; the edits change what it says.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pages.rendering import digest_of, sections

from kb_server.pages.sections import sections_of

WORDS = st.one_of(
    st.sampled_from(
        ["lead", "never", "within", "Sales", "qualified", "not", "may", "must", "größer", "30", "1,000", "3.5"]
    ),
    st.text("abcdefghijklmnopqrstuvwxyzäöüßéñ", min_size=1, max_size=7),
    st.integers(0, 9999).map(str),
)
MANY = int(os.environ.get("KB_MANY_EDITS", "100"))
"""How often each kind of edit is tried in the long tests, and ten times as often each form; 1,000 for the figures."""
PAGES = ("mql", "sql", "icp#criteria", "icp#definition")


@dataclass(frozen=True)
class Word:
    """A word, and what is done to it: raised, struck out, code, a link to a page (or nothing: "")."""

    text: str
    doing: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, a list, a quotation or a table; each item is a line of words."""

    kind: str
    items: tuple[tuple[Word, ...], ...]


@dataclass(frozen=True)
class Form:
    """Ways to write the same."""

    width: int
    bold: int
    quotes: str
    dash: str
    outside: str
    heading_id: str
    bullet: str
    loose: bool
    comment: str


DOINGS = st.sampled_from(["", "", "", "", "^", "~~", "`", "quoted", "dash", "outer", *PAGES])
LINES = st.lists(st.builds(Word, WORDS, DOINGS), min_size=1, max_size=6).map(tuple)
BLOCKS = st.builds(
    Block, st.sampled_from(["p", "ul", "ol", "quote", "table"]), st.lists(LINES, min_size=1, max_size=3).map(tuple)
)
TEXTS = st.lists(BLOCKS, min_size=1, max_size=4).map(tuple)
FORMS = st.builds(
    Form,
    width=st.sampled_from([1000, 30, 12]),
    bold=st.integers(0, 5),
    quotes=st.sampled_from(["“”", '""', "„“", "''", "‘’"]),
    dash=st.sampled_from(["–", "—", "-"]),
    outside=st.sampled_from(["https://a.example/", "https://b.example/c?d=e"]),
    heading_id=st.sampled_from(["", "{ #one }", "{ #two .wide }"]),
    bullet=st.sampled_from("-*+"),
    loose=st.booleans(),
    comment=st.sampled_from(["", "<!-- not so -->"]),
)
PLAIN = Form(1000, 0, '""', "-", "https://a.example/", "", "-", loose=False, comment="")


def written(text: tuple[Block, ...], form: Form) -> str:
    """`text` as Markdown in this form."""
    blocks = [_block(block, form) for block in text]
    # A comment parts what would otherwise be one list.
    return f"## Criteria {form.heading_id}\n\n" + f"\n\nAnd:\n\n{form.comment}\n\n".join(blocks) + "\n"


def _block(block: Block, form: Form) -> str:
    lines = [_line(item, form) for item in block.items]
    if block.kind == "table":
        cells = [line.replace("\n", " ") for line in lines]
        return "| a | b |\n| --- | --- |\n" + "\n".join(f"| {cell} | 1 |" for cell in cells)
    if block.kind in ("p", "quote"):
        start = "> " if block.kind == "quote" else ""
        return "\n\n".join(textwrap.indent(line, start, lambda _: True) for line in lines)
    signs = [form.bullet if block.kind == "ul" else f"{number}." for number, _ in enumerate(lines, 1)]
    items = [textwrap.indent(line, "    ").lstrip() for line in lines]
    return ("\n\n" if form.loose else "\n").join(f"{sign} {item}" for sign, item in zip(signs, items, strict=True))


def _line(words: tuple[Word, ...], form: Form) -> str:
    line = " ".join(_word(word, form, at) for at, word in enumerate(words))
    wrapped = "\n".join(textwrap.wrap(f"So {line}", form.width, break_long_words=False, break_on_hyphens=False))
    # A wrapped line that begins with a dash would be a list, or underline a heading.
    return wrapped if not any(part[:1] in "-–—+*" for part in wrapped.split("\n")) else f"So {line}"


def _word(word: Word, form: Form, at: int) -> str:
    if word.doing in ("^", "~~", "`"):
        return f"{word.doing}{word.text}{word.doing}"
    if word.doing in PAGES:
        page, _, anchor = word.doing.partition("#")
        return f"[{word.text}]({page}.md{'#' * bool(anchor)}{anchor})"
    written = {
        "quoted": f"{form.quotes[0]}{word.text}x{form.quotes[1]}",
        "dash": f"{word.text} {form.dash} y",
        "outer": f"[{word.text}]({form.outside})",
    }.get(word.doing, word.text)
    return f"**{written}**" if form.bold and at % form.bold == 0 and word.doing == "" else written


def _at_a_word(change: Callable[[Word, str], Word]) -> Callable[..., tuple[Block, ...]]:
    def edit(text: tuple[Block, ...], block: int, item: int, word: int, other: str) -> tuple[Block, ...]:
        old = text[block].items[item]
        return _with_item(text, block, item, (*old[:word], change(old[word], other), *old[word + 1 :]))

    return edit


def _with_item(text: tuple[Block, ...], block: int, item: int, new: tuple[Word, ...]) -> tuple[Block, ...]:
    items = text[block].items
    return _with_block(text, block, replace(text[block], items=(*items[:item], new, *items[item + 1 :])))


def _with_block(text: tuple[Block, ...], block: int, new: Block) -> tuple[Block, ...]:
    return (*text[:block], new, *text[block + 1 :])


def _done_to(*doings: str) -> Callable[..., tuple[Block, ...]]:
    """An edit that does one of these to a word, or no longer does it where that is all that was done to it."""

    def change(word: Word, other: str) -> Word:
        choices = [doing for doing in doings if doing != word.doing] or [""]
        return replace(word, doing=choices[len(other) % len(choices)])

    return _at_a_word(change)


def _another_number(text: tuple[Block, ...], block: int, item: int, word: int, other: str) -> tuple[Block, ...]:
    number = other if other.isdigit() else str(len(other))
    return _at_a_word(lambda old, _: replace(old, text=f"{number}7"))(text, block, item, word, other)


def _another_cell(text: tuple[Block, ...], block: int, item: int, word: int, other: str) -> tuple[Block, ...]:
    assume(text[block].kind == "table")
    return _at_a_word(lambda old, _: replace(old, text=f"{old.text} {other}"))(text, block, item, word, other)


def _negated(text: tuple[Block, ...], block: int, item: int, word: int, other: str) -> tuple[Block, ...]:
    del other
    old = text[block].items[item]
    return _with_item(text, block, item, (*old[:word], Word("not"), *old[word:]))


def _one_more(text: tuple[Block, ...], block: int, item: int, word: int, other: str) -> tuple[Block, ...]:
    del word
    items = text[block].items
    return _with_block(text, block, replace(text[block], items=(*items[:item], (Word(other),), *items[item:])))


def _one_less(text: tuple[Block, ...], block: int, item: int, word: int, other: str) -> tuple[Block, ...]:
    del word, other
    items = text[block].items
    assume(len(items) > 1)
    return _with_block(text, block, replace(text[block], items=(*items[:item], *items[item + 1 :])))


def _another_kind(text: tuple[Block, ...], block: int, item: int, word: int, other: str) -> tuple[Block, ...]:
    del item, word
    kinds = [kind for kind in ("p", "ul", "ol", "quote", "table") if kind != text[block].kind]
    return _with_block(text, block, replace(text[block], kind=kinds[len(other) % len(kinds)]))


EDITS: dict[str, Callable[..., tuple[Block, ...]]] = {
    "another word": _at_a_word(lambda word, other: replace(word, text=other)),
    "another number": _another_number,
    "raised": _done_to("^"),
    "struck out": _done_to("~~"),
    "code": _done_to("`"),
    "linked to another page": _done_to(*PAGES),
    "a negation": _negated,
    "another table cell": _another_cell,
    "one item, row or sentence more": _one_more,
    "one less": _one_less,
    "another kind of block": _another_kind,
}


@st.composite
def edited(draw: st.DrawFn, name: str) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """A text and the same text after an edit of this name, at a place of it."""
    text = draw(TEXTS)
    block = draw(st.integers(0, len(text) - 1))
    item = draw(st.integers(0, len(text[block].items) - 1))
    word = draw(st.integers(0, len(text[block].items[item]) - 1))
    after = EDITS[name](text, block, item, word, draw(WORDS))
    assume(after != text)
    return text, after


def check_form(text: tuple[Block, ...], form: Form) -> None:
    assert digest_of(written(text, form)) == digest_of(written(text, PLAIN))


def check_content(texts: tuple[tuple[Block, ...], tuple[Block, ...]], form: Form) -> None:
    assert digest_of(written(texts[0], PLAIN)) != digest_of(written(texts[1], form))


few = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
many = settings(few, max_examples=MANY)


@few
@given(TEXTS, FORMS)
def test_the_same_text_in_another_form_means_the_same(text: tuple[Block, ...], form: Form) -> None:
    check_form(text, form)


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_content_changes_the_meaning(name: str) -> None:
    few(given(edited(name), FORMS)(check_content))()


@pytest.mark.slow
def test_the_same_text_in_very_many_forms_means_the_same() -> None:
    settings(few, max_examples=10 * MANY)(given(TEXTS, FORMS)(check_form))()


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITS)
def test_very_many_edits_of_content_change_the_meaning(name: str) -> None:
    many(given(edited(name), FORMS)(check_content))()


@few
@given(st.text())
def test_no_text_imitates_structure(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    (section,) = sections_of(f"<p>{escaped}</p>", link=lambda _: None)
    assert not any(mark in section.meaning + section.text for mark in map(chr, [*range(1, 9), *range(14, 32)]))
    assert sections(text) is not None
