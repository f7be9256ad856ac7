"""What became of a page whose file was renamed, moved, copied, merged, or taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pasts import Past, prose

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def past(tmp_path: Path) -> Past:
    past = Past(tmp_path / "wiki")
    past.commit(index="# Home\n", old=f"# Leads\n\n{prose(1)}\n\n## Score\n\n{prose(2)}\n")
    return past


def test_a_renamed_page_is_found_at_its_old_address(past: Past) -> None:
    past.git("mv", "docs/old.md", "docs/new.md")
    past.commit()
    assert past.page("old/") == "new"
    assert past.section("old/", "score") == "score"
