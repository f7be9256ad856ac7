"""Each case is a page of Markdown and what is read from it: two files. KB_WRITE_CASES=1 writes the second."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pages.rendering import shown

CASES = sorted(Path(__file__).parent.glob("cases/*.md"))


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_a_page_is_read_as_the_case_says(case: Path) -> None:
    expected = case.with_suffix(".txt")
    found = shown(case.read_text(encoding="utf-8"))
    if os.environ.get("KB_WRITE_CASES"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
