"""What kb fix does to files, and what it must never do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from folders import Folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb_server.errors import Conflict
from kb_server.proofreading import mending

LEAD = "---\nid: lead\nkind: definition\ntitle: Lead\n---\n\n## Definition\n\nIt counts:\n- one\n  - two\n"


def test_what_is_certain_is_mended_once_and_told(wiki: Folder) -> None:
    wiki.write(Big="---\nid: big\n---\n# A big one\n")
    wiki.write(index="See (that)[Big.md] and [it](big.md#A--big-One).\nWe need:\n- one\n  - two\n\n    more\n")
    told = wiki.fix()
    assert wiki.read("docs/index.md") == (
        "---\nid: home\n---\n\nSee [that](Big.md) and [it](Big.md#a-big-one).\nWe need:\n\n"
        "- one\n    - two\n\n        more\n"
    )
    assert len(told) == 6
    assert wiki.fix() == wiki.said() == []


def test_a_dry_run_tells_the_same_and_changes_nothing(wiki: Folder) -> None:
    wiki.write(index="We need:\n- one\n  - two\n")
    before = wiki.read("docs/index.md")
    told = wiki.fix(dry_run=True)
    assert wiki.read("docs/index.md") == before
    assert told == wiki.fix()


@pytest.mark.slow
def test_words_are_mended_when_asked_and_where_only_one_can_be_meant(wiki: Folder) -> None:
    wiki.write(index="Teh end, recieved, of the procesess.\n")
    assert wiki.fix() == []
    wiki.fix(spelling=True)
    assert wiki.read("docs/index.md").startswith("The end, received, of the ")


@pytest.mark.slow
def test_what_teams_agreed_to_is_not_touched(wiki: Folder) -> None:
    wiki.write(lead=LEAD, index="---\nid: home\n---\n")
    wiki.fix(spelling=True)
    assert wiki.read("docs/lead.md") == LEAD


def test_line_ends_the_mark_and_the_rights_of_a_file_stay(wiki: Folder) -> None:
    place = wiki.put("docs/index.md", b"\xef\xbb\xbfWe need:\r\n- one\r\n  - two\r\n\r\nAn odd\nline.\r\n")
    place.chmod(0o640)
    wiki.fix()
    mended = b"\xef\xbb\xbfWe need:\r\n\r\n- one\r\n    - two\r\n\r\nAn odd\nline.\r\n"
    assert place.read_bytes() == mended
    assert place.stat().st_mode & 0o777 == 0o640
    assert list(place.parent.iterdir()) == [place]


def test_nothing_is_written_through_a_link_or_over_what_changed_meanwhile(wiki: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("We need:\n- one\n- two\n")
    link = wiki.put("docs/index.md", "x").with_name("linked.md")
    link.symlink_to(outside)
    wiki.fix()
    assert outside.read_text() == "We need:\n- one\n- two\n"
    with pytest.raises(Conflict, match="is a link"):
        mending.write(link, outside.read_text(), "other")
    with pytest.raises(Conflict, match="changed while"):
        mending.write(wiki.home / "docs" / "index.md", "y", "z")


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "- one\n",
                "  - two\n",
                "    - three\n",
                "1. first\n",
                "   * odd\n",
                "\n",
                "Some words:\n",
                "more words\n",
            ),
            *(
                "```\n",
                "    code\n",
                "> said\n",
                "| a | b |\n",
                "# Head\n",
                "<!-- a -->\n",
                "(x)[index.md]\n",
                "\t- tab\n",
            ),
            *("[x](Index.md#HEAD)\n", "!!! note\n", "---\n", "`code\n", "<div>\n"),
        ]
    ),
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(PIECES)
def test_a_second_run_never_finds_anything_to_mend_and_no_word_is_lost(wiki: Folder, pieces: list[str]) -> None:
    """Two texts are alike here when their letters are: signs and white space are what is mended."""
    text = "".join(pieces)
    wiki.write(index=text)
    wiki.fix()
    after = wiki.read("docs/index.md")
    assert wiki.fix() == []
    assert re.findall(r"[a-z]+", after.lower()) == re.findall(r"[a-z]+", text.lower())
