"""What is on a branch is seen by members as it would read, is said to be no more than that, and is published never."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from previews.conftest import Branches
from stores import on_alone
from talking import As

pytestmark = pytest.mark.slow
Look = Callable[[], None]


@on_alone("sqlite")
def test_a_branch_is_seen_as_it_would_read_and_goes_once_it_is_merged(branches: Branches, look: Look, as_: As) -> None:
    branches.push("words/new-home", "Say it better", index="# Home\n\nBetter.\n", more="# More\n\nNew.\n")
    look()
    sam = as_("sam")
    assert "words/new-home" in sam.get("/preview/").text
    seen = sam.get("/preview/words/new-home/")
    assert (seen.status_code, seen.headers["X-Robots-Tag"]) == (200, "noindex, nofollow")
    assert "Better." in seen.text
    assert "not published" in seen.text
    assert "Welcome." in sam.get("/").text
