"""Whoever has gone is named nowhere any more, however others wrote it; whoever is only called alike is."""

from __future__ import annotations

import pytest

from kb_server.writing import markdown
from kb_server.writing.unnaming import unnamed


@pytest.mark.parametrize(
    "body",
    [
        "@mia",
        "@MIA's",
        "_@mia_",
        "__@mia__",
        "**@mia**",
        "@mia- or not",
        "(@mia)",
        "@mia\\_b",
        "&#64;mia",
        "&commat;&#x4d;i&#097;",
        "\\@mia",
    ],
)
def test_a_text_that_means_somebody_names_them_no_more(body: str) -> None:
    meant = {name: "p_1" for name in markdown.handles(body) if name == "mia"}
    left, html, mentions = unnamed(body, {**meant, "tom": "p_2"}, "p_1")
    assert "mia" not in f"{left}{html}".lower() or not meant
    assert mentions == {"tom": "p_2"}


@pytest.mark.parametrize("body", ["@mia-b", "@mia2", "mia", "@miaé"])
def test_who_is_called_alike_stays(body: str) -> None:
    assert unnamed(body, {"mia": "p_1"}, "p_1")[0] == body
