"""The manifest is the whole interface between the build and the server."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kb_server.pages import manifest as manifests
from kb_server.pages.manifest import Manifest, ManifestError, Page, Section, Term

SECTION = Section("criteria", "Criteria", 2, "All four.", "## Criteria\n\nAll four.", (3, 5), "1:0")
PAGE = Page("mql", "definition", "mql/", "MQL", "docs/mql.md", aliases=("lead",), links=("sql",), sections=(SECTION,))
TERM = Term("## Criteria", "<ol></ol>", "All four.", ("1:a", "1:b"), (3, 5))
TERMS = (replace(PAGE, term=TERM), PAGE)
WHOLE = Manifest("A wiki", "en", commit="c0ffee", teams={"sales": {"name": "Sales"}}, pages=TERMS)


def test_a_page_is_found_by_its_id() -> None:
    assert WHOLE.page("mql") == replace(PAGE, term=TERM)
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


def test_a_manifest_of_the_schema_before_stays_readable() -> None:
    data = json.loads(manifests.dumps(WHOLE)) | {"schema": 1}
    for page in data["pages"]:
        del page["term"]
    assert manifests.from_data(data).pages == (PAGE, PAGE)
