"""The manifest is the whole interface between the build and the server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb_server.pages import manifest as manifests
from kb_server.pages.manifest import Manifest, ManifestError, Page, Section

SECTION = Section("criteria", "Criteria", 2, "All four.", "## Criteria\n\nAll four.", (3, 5), "1:0")
PAGE = Page("mql", "definition", "mql/", "MQL", "docs/mql.md", aliases=("lead",), links=("sql",), sections=(SECTION,))
WHOLE = Manifest("A wiki", "en", commit="c0ffee", teams={"sales": {"name": "Sales"}}, pages=(PAGE,))


def test_what_was_written_is_read(tmp_path: Path) -> None:
    manifests.write(WHOLE, tmp_path / "manifest.json")
    assert manifests.read(tmp_path / "manifest.json") == WHOLE


def test_the_same_manifest_gives_the_same_bytes() -> None:
    assert manifests.dumps(WHOLE) == manifests.dumps(manifests.from_data(json.loads(manifests.dumps(WHOLE))))


def test_a_page_is_found_by_its_id() -> None:
    assert WHOLE.page("mql") == PAGE
    assert WHOLE.page("sql") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": 99}', '{"schema": 1}', '{"schema": 1, "pages": [1]}', "{"]
)
def test_a_manifest_that_cannot_be_used_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)
    with pytest.raises(ManifestError):
        manifests.read(path)


def test_a_missing_manifest_says_so(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        manifests.read(tmp_path / "manifest.json")
