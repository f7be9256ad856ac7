"""One catalogue holds all words of the interface: each is there once, none is missing, none is left over."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import Environment, nodes
from markupsafe import Markup
from speaking import CATALOGUE, CODE, SOURCES, TEMPLATES, faults, text_of, tree_of

from kb_mkdocs.assets import WORDS, bundle
from kb_server.words import AREAS, ENGLISH, each, listed, t, used_in

# ── Keys ──────────────────────────────────────────────────────────────────


def test_no_key_stands_in_two_areas() -> None:
    assert len(ENGLISH) == sum(map(len, AREAS))


def test_every_key_that_is_used_is_there() -> None:
    assert faults(SOURCES, lambda path: used_in(text_of(path)) - set(ENGLISH)) == {}


def test_every_key_that_is_there_is_used() -> None:
    inside = text_of(CATALOGUE / "__init__.py")
    used = used_in(inside).union(*(used_in(text_of(source)) for source in SOURCES))
    assert set(ENGLISH) - used == set()


def test_a_text_can_stand_in_any_markup() -> None:
    forms = [(key, form) for key, text in ENGLISH.items() for form in ((text,) if isinstance(text, str) else text)]
    forbidden = [key for key, form in forms if set("<>&\"'") & set(form)]
    assert forbidden == [], "write ’ and “ ”, and leave tags to the template"


def values_named(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.slow
def test_python_gives_each_text_its_values() -> None:
    def wrong(path: Path) -> list[str]:
        names = (call for call in ast.walk(tree_of(path)) if isinstance(call, ast.Call))
        calls = (call for call in names if isinstance(call.func, ast.Name) and call.func.id == "t")
        return [
            f"line {call.lineno}: {fault}"
            for call in calls
            if (fault := wrong_values(call.args[0], {str(value.arg) for value in call.keywords}))
        ]

    assert faults(CODE, wrong) == {}


def test_templates_give_each_text_its_values() -> None:
    def wrong(path: Path) -> list[str]:
        calls = Environment().parse(text_of(path)).find_all(nodes.Call)
        return [
            f"line {call.lineno}: {fault}"
            for call in calls
            if isinstance(call.node, nodes.Name) and call.node.name in {"t", "kb_t"}
            if (fault := wrong_values(call.args[0], {value.key for value in call.kwargs}))
        ]

    assert faults(TEMPLATES, wrong) == {}


def wrong_values(key: ast.expr | nodes.Expr, given: set[str]) -> str:
    if not isinstance(key, ast.Constant | nodes.Const):
        return "t() wants the key itself"
    text = ENGLISH[key.value]
    wanted = values_named(text) if isinstance(text, str) else values_named("".join(text)) | {"count"}
    return "" if given == wanted else f"{key.value} wants {sorted(wanted)}"


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
