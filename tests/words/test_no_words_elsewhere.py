"""Words of the interface stand in the catalogue, and in no template, module or part of a page made in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, nodes
from speaking import CODE, MODULES, TEMPLATES, faults, text_of, tree_of

SAYS = {"aria-label", "aria-description", "placeholder", "title", "alt", "label"}
"""Attributes that people read or hear."""
WORD = re.compile(r"[^\W\d_]{2,}")


class Said(HTMLParser):
    """The words people read in a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in SAYS and value and WORD.search(value)]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent and WORD.search(data):
            self.found.append(data.strip())


def said_in(html: str) -> list[str]:
    reader = Said()
    reader.feed(html)
    reader.close()
    return reader.found


def said_by_template(source: str) -> Iterator[str]:
    environment = Environment()
    text = "".join(value for _, kind, value in environment.lex(source) if kind == "data")
    yield from said_in(re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL))
    for output in environment.parse(source).find_all(nodes.Output):
        yield from filter(None, map(spoken, output.nodes))
    for call in environment.parse(source).find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name in {"t", "each", "kb_t", "icon", "kb_icon"}):
            yield from filter(None, map(spoken, call.args))


def spoken(node: nodes.Node) -> str:
    """The words an expression may show that stand in the template itself."""
    match node:
        case nodes.Const(value=str(text)):
            return text if WORD.search(text) and not re.fullmatch(r"\s*[a-z0-9]*([-/._][a-z0-9-]*)*", text) else ""
        case nodes.CondExpr(expr1=one, expr2=other):
            return spoken(one) or (spoken(other) if other else "")
        case nodes.Or(left=one, right=other) | nodes.Add(left=one, right=other):
            return spoken(one) or spoken(other)
        case nodes.Concat(nodes=several):
            return "".join(map(spoken, several))
    return ""


@pytest.mark.slow
def test_a_template_has_no_words_of_its_own() -> None:
    assert faults(TEMPLATES, lambda path: list(said_by_template(text_of(path)))) == {}


def said_by_python(tree: ast.Module) -> Iterator[str]:
    """Words inside of markup; whatever else is text in a program is for those who run it, or for other programs."""
    # A docstring and a sentence that only looks like markup are no output.
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            texts |= {id(part) for part in node.values}
            pieces = [part.value if isinstance(part, ast.Constant) else "0" for part in node.values]
            yield from said_in_markup("".join(map(str, pieces)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            yield from said_in_markup(re.sub(r"\{\w*\}", "0", node.value))


def said_in_markup(text: str) -> list[str]:
    return (
        said_in(text)
        if re.search(r"</?(?:a|b|p|h[1-6]|li|span|title|button|div|summary|section)\b[^|*+?]*>", text)
        else []
    )


@pytest.mark.slow
def test_no_part_of_a_page_made_in_python_has_words_of_its_own() -> None:
    making = [path for path in CODE if path.name != "init.py" and "<" in text_of(path)]
    assert faults(making, lambda path: list(said_by_python(tree_of(path)))) == {}


def said_by_answers(tree: ast.Module) -> Iterator[str]:
    """Sentences and labels in a module that answers browsers, but for what it raises, logs, or says of itself.

    What describes the interface for programs is such a saying.
    """
    silent: set[int] = set()
    for node in ast.walk(tree):
        logs = isinstance(node, ast.Call) and re.match(r"log\.|operation$|Field$", ast.unparse(node.func))
        describes = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Raise) or logs or describes:
            silent |= set(map(id, ast.walk(node)))
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in silent)
    yield from (text.value for text in texts if re.match(r"[A-Z][a-z]+ [a-z]+", str(text.value)))


ANSWERING = [
    path for path in CODE if path.name in {"routes.py", "resultspage.py", "words.py"} or path.parent.name == "routes"
]


def test_what_answers_a_browser_has_no_sentences_of_its_own() -> None:
    assert faults(ANSWERING, lambda path: list(said_by_answers(tree_of(path)))) == {}


TOKEN = re.compile(
    r"""/\*.*?\*/|//[^\n]*
      | (?<=[(,=:\[!&|?{};])\s*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*
      | (?P<error>Error\()?(?P<quote>["'`])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""",
    re.DOTALL | re.VERBOSE,
)
"""What a module of JavaScript is made of, as far as it matters here: comments, regular expressions, strings."""


def said_by_module(source: str) -> list[str]:
    """Texts that look like words: with a capital in front, several words in a row, or words inside of markup."""
    looks = re.compile(r"[A-Z][a-z]+(?![\w-])|[a-z]+(?: [a-z]+)+[.!?]?$|.*[“”’…]")
    keys = re.compile("Enter|Escape|Tab|Home|End|Arrow.*")
    texts = [found["text"] for found in TOKEN.finditer(source) if found["quote"] and not found["error"]]
    bare = [re.sub(r"\$\{[^}]*\}", "", text) for text in texts]
    markup = [word for text in bare if "<" in text for word in said_in(text)]
    return markup + [text for text in bare if looks.match(text) and not keys.fullmatch(text)]


def test_a_module_of_the_browser_has_no_words_of_its_own() -> None:
    assert faults(MODULES, lambda path: said_by_module(text_of(path))) == {}


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello you</p>",
        '<input placeholder="Search">',
        '{{ "one" if x else "two words" }}',
        "{{ x or 'Hello' }}",
        '{{ facet("Where", x) }}',
        "{% if x %}<b>{{ y }}</b> results{% endif %}",
    ],
)
def test_words_in_a_template_are_noticed(source: str) -> None:
    assert list(said_by_template(source))


@pytest.mark.parametrize("source", ["'<p>Hello</p>'", "f'<b>{x}</b> results'", "f'<a title=\"Go on\">{x}</a>'"])
def test_words_in_markup_made_by_python_are_noticed(source: str) -> None:
    assert list(said_by_python(ast.parse(f"x = {source}")))


@pytest.mark.parametrize(
    "source", ['a("Copied")', "x = `<b>${y}</b> found`", "x = 'no results here'", "x = `for “${x}”`"]
)
def test_words_in_a_module_are_noticed(source: str) -> None:
    assert said_by_module(source)


def test_a_sentence_in_an_answer_is_noticed() -> None:
    assert list(said_by_answers(ast.parse('x = {"label": "Try once more"}')))
    silent = '"""A module."""\nlog.info("Something happened")\nraise Invalid("That is wrong")'
    assert not list(said_by_answers(ast.parse(silent)))
