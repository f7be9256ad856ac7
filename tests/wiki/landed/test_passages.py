"""What a change made of a text, in the paragraphs people read."""

from __future__ import annotations

import time
from pathlib import Path

from pasts import Past

from kb_server.wiki.landed import commits
from kb_server.wiki.landed.passages import Passage, differences, passages

TEXT = "# Calls\n\nSales calls back\nsoon.\n\n## More\n\nNothing.\n"


def test_a_paragraph_is_told_whole_whichever_of_its_lines_changed() -> None:
    assert list(differences(TEXT, TEXT.replace("soon", "today"))) == [
        ("Sales calls back\nsoon.", "Sales calls back\ntoday.", 3)
    ]


def test_what_came_has_nothing_before_it_and_what_went_nothing_after() -> None:
    more = TEXT.replace("## More\n\n", "## More\n\nAsk Sam.\n\n")
    assert list(differences(TEXT, more)) == [("", "Ask Sam.", 8)]
    assert list(differences(more, TEXT)) == [("Ask Sam.", "", 8)]
    assert list(differences(TEXT, TEXT + "\nThe end.\n")) == [("", "The end.", 10)]


def test_more_blank_lines_are_no_change() -> None:
    assert list(differences(TEXT, TEXT.replace("\n\n", "\n\n\n"))) == []


def test_texts_that_have_nothing_in_common_and_no_end_are_not_compared() -> None:
    assert list(differences("a\n\n" * 5_000, "b\n\n" * 5_000)) == []


def test_a_page_that_was_renamed_is_told_by_what_changed_in_it(tmp_path: Path) -> None:
    past = Past(tmp_path / "wiki")
    text = TEXT + "\n\n".join(f"Paragraph {number}." for number in range(30))
    past.commit(calls=text, other="# Other\n")
    first = past.git("rev-parse", "HEAD")
    past.commit("Rename\n\nCloses: S-1", calls=None, calling=text.replace("soon", "today"), gone="# Gone\n")
    (commit,) = commits.between(past.folder, first, past.git("rev-parse", "HEAD"))[0]
    assert passages(past.folder, commit) == [
        Passage("docs/calling.md", "Sales calls back\nsoon.", "Sales calls back\ntoday.", 3),
        Passage("docs/gone.md", "", "# Gone", 1),
    ]


def test_paragraphs_that_stand_there_again_and_again_take_no_minutes() -> None:
    began = time.process_time()
    assert list(differences("a\n\nb\n\n" * 600, "x\n\n" + "b\n\na\n\nc\n\n" * 600 + "y"))
    assert time.process_time() - began < 3
