"""Whole wikis and what must come of them. A new behaviour is a new folder in cases/: see cases/README.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from mkdocs_builds import Builder, Built

CASES = sorted(path.parent for path in (Path(__file__).parent / "cases").glob("*/expect.yml"))
KNOWN = {"stops", "warns", "says", "pages", "shows", "hides", "manifest"}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wiki_gives_what_its_case_expects(case: Path, built: Builder) -> None:
    expected = yaml.safe_load((case / "expect.yml").read_text(encoding="utf-8")) or {}
    assert set(expected) <= KNOWN, "the case asks for something no test looks at"
    result = built(case)
    errors, warnings = result.lines("ERROR", "CRITICAL"), result.lines("WARNING")
    assert result.stopped == ("stops" in expected), errors
    assert_said(expected.get("stops", []), errors)
    assert_said(expected.get("warns", []), warnings)
    assert_said(expected.get("says", []), result.lines("INFO"))
    assert len(warnings) == len(expected.get("warns", [])), warnings
    assert_files(result, expected)


def assert_said(expected: list[str], said: list[str]) -> None:
    together = "\n".join(said)
    for text in expected:
        assert text in together


def assert_files(result: Built, expected: dict[str, Any]) -> None:
    for file, texts in expected.get("shows", {}).items():
        for text in texts:
            assert text in result.text(file), f"{file} does not show this"
    for file, texts in expected.get("hides", {}).items():
        for text in texts:
            assert text not in result.text(file), f"{file} shows this"
    for source, facts in expected.get("pages", {}).items():
        assert_part(facts, result.page(source), source)
    assert_part(expected.get("manifest", {}), result.manifest if "manifest" in expected else {}, "manifest")


def assert_part(expected: object, found: Any, where: str) -> None:  # noqa: ANN401  -- parsed JSON
    """What is expected must be there; what else is there does not matter. Lists must be as long as expected."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert key in found, f"{where}: {key}"
            assert_part(value, found[key], f"{where}: {key}")
    elif isinstance(expected, list):
        assert len(expected) == len(found), f"{where}: {found}"
        for at, value in enumerate(expected):
            assert_part(value, found[at], f"{where}[{at}]")
    else:
        assert found == expected, where
