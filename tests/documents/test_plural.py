"""One text is spoken of as one."""

from __future__ import annotations

import pytest

from kb_server.documents.plural import all_counted, counted


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 text is lost, and it was good."), (2, "2 texts are lost, and they were good.")]
)
def test_one_text_is_spoken_of_as_one(count: int, said: str) -> None:
    assert counted("{} [text is|texts are] lost, and [it was|they were] good.", count) == said


def test_of_nothing_nothing_is_said() -> None:
    assert all_counted({"{} [text|texts] lost.": 0, "{} [text|texts] found.": 1}) == ["1 text found."]
