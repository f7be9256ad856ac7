"""What became of every address is written and read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kb_server.pages import history
from kb_server.pages.history import Address, History, HistoryError, Removed, Target

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = History(
    commit="c0ffee",
    addresses={
        "handover/": Address(Target("handing-over"), {"steps": Target("handing-over", "how"), "who": None}),
        "old-mails/": Address(None, removed=Removed("Old mails", "2026-03-02", "Merge", instead=(Target("mails"),))),
    },
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    (tmp_path / "history.json").write_text(history.dumps(KNOWN), encoding="utf-8")
    assert history.read(tmp_path / "history.json") == KNOWN


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": 2, "addresses": {}}', '{"schema": 1, "addresses": {"a": 1}}']
)
def test_what_is_no_history_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "history.json").write_text(text, encoding="utf-8")
    with pytest.raises(HistoryError):
        history.read(tmp_path / "history.json")


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("removed", {"on": "yesterday"}),
        ("removed", {"on": 20_260_302}),
        ("removed", {"title": ["Old", "mails"]}),
        ("removed", {"why": "\ud800"}),
        ("removed", {"instead": [{"page": ["mails"], "section": ""}]}),
        ("now", {"page": 7}),
        ("now", {"page": None}),
        ("sections", {"\ud800": None}),
        ("sections", {"steps": {"page": "a", "section": 1}}),
        ("others", {"steps": [{"page": {}, "section": ""}]}),
        ("", {"commit": "c0\0ffee"}),
        ("", {"commit": "--help"}),
        ("", {"commit": 7}),
        ("", {"since": "long ago"}),
        ("", {"ids": ["handover"]}),
        ("", {"ids": {"handover": 7}}),
        ("", {"addresses": {"\ud800/": {"now": None, "sections": {}, "removed": None}}}),
    ],
)
def test_what_nothing_can_be_made_of_is_told_when_it_is_read(
    tmp_path: Path, part: str, change: dict[str, object]
) -> None:
    data = json.loads(history.dumps(KNOWN))
    address = data["addresses"]["old-mails/" if part == "removed" else "handover/"]
    (address[part] if part else data).update(change)
    (tmp_path / "history.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(HistoryError, match=r"history\.json is not whole"):
        history.read(tmp_path / "history.json")


def test_a_history_that_is_deeper_than_anybody_writes_is_told(tmp_path: Path) -> None:
    (tmp_path / "history.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(HistoryError, match=r"history\.json is not whole"):
        history.read(tmp_path / "history.json")


def test_a_missing_history_is_told(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"history\.json cannot be read"):
        history.read(tmp_path / "history.json")


def test_the_same_history_gives_the_same_bytes() -> None:
    again = history.from_data(json.loads(history.dumps(KNOWN)))
    assert history.dumps(again) == history.dumps(KNOWN)
