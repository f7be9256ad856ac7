"""One catalogue holds all words of the interface: each is there once, none is missing, none is left over."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import Environment, nodes
from markupsafe import Markup
from speaking import CATALOGUE, CODE, SOURCES, TEMPLATES, name_of

from kb_mkdocs.assets import WORDS, bundle
from kb_server.words import AREAS, ENGLISH, each, listed, t, used_in

# ── Keys ──────────────────────────────────────────────────────────────────


def test_no_key_stands_in_two_areas() -> None:
    assert len(ENGLISH) == sum(map(len, AREAS))


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_every_key_that_is_used_is_there(source: Path) -> None:
    assert used_in(source.read_text(encoding="utf-8")) <= set(ENGLISH)


def test_every_key_that_is_there_is_used() -> None:
    inside = (CATALOGUE / "__init__.py").read_text(encoding="utf-8")
    used = used_in(inside).union(*(used_in(source.read_text(encoding="utf-8")) for source in SOURCES))
    assert set(ENGLISH) - used == set()


@pytest.mark.parametrize("key", ENGLISH)
def test_a_text_can_stand_in_any_markup(key: str) -> None:
    text = ENGLISH[key]
    for form in (text,) if isinstance(text, str) else text:
        assert not set("<>&\"'") & set(form), "write ’ and “ ”, and leave tags to the template"


def values_named(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_python_gives_each_text_its_values(path: Path) -> None:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "t":
            assert isinstance(call.args[0], ast.Constant), f"{name_of(path)}:{call.lineno}: t() wants the key itself"
            assert_values(call.args[0].value, {str(value.arg) for value in call.keywords}, f"line {call.lineno}")


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_give_each_text_its_values(path: Path) -> None:
    for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {"t", "kb_t"}:
            assert isinstance(call.args[0], nodes.Const), f"{name_of(path)}:{call.lineno}: t() wants the key itself"
            assert_values(call.args[0].value, {value.key for value in call.kwargs}, f"line {call.lineno}")


def assert_values(key: str, given: set[str], where: str) -> None:
    text = ENGLISH[key]
    wanted = values_named(text) if isinstance(text, str) else values_named("".join(text)) | {"count"}
    assert given == wanted, f"{where}: {key}"


# ── Saying them ───────────────────────────────────────────────────────────


def test_a_count_chooses_the_form_and_is_written_as_people_write_it() -> None:
    assert [t("search.places", count=count) for count in (0, 1, 2, 1234)] == [
        "0 places",
        "1 place",
        "2 places",
        "1,234 places",
    ]


def test_a_value_is_text_unless_it_is_markup() -> None:
    assert t("search.nothing", query="<b>{x}") == "Nothing for “<b>{x}”"
    assert not hasattr(t("search.nothing", query="<b>"), "__html__")
    said = t("search.said.places", places="<i>", pages="2", query=Markup("<b>lead</b>"))
    assert said == Markup("&lt;i&gt; on 2 for <b>lead</b>")
    assert hasattr(said, "__html__")


def test_a_family_is_said_by_what_stands_behind_the_point() -> None:
    assert each("kind", count=1)["note"] == "Field note"
    assert "unchecked" in each("state")


def test_names_are_listed_as_people_list_them() -> None:
    assert [listed(names) for names in (["Sam"], ["Sam", "Nia"], ["Sam", "Nia", "Lee"])] == [
        "Sam",
        "Sam and Nia",
        "Sam, Nia and Lee",
    ]


def test_the_browser_gets_the_words_its_modules_name_and_no_others() -> None:
    module = bundle().files[WORDS].decode()
    assert '"link.copied": "Copied"' in module
    assert '"search.found": ["Found in {count} place", "Found in {count} places"]' in module
    assert "error.404" not in module
