"""Each rule beside what is so like its subject that it must stay quiet. What real wikis say stands in checking.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from folders import Folder

from kb_server.proofreading.rules import NAMES, RULES
from kb_server.proofreading.service import check

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "plugins" / "cases"

DEFINITION = "---\nkind: definition\ntitle: {}\n{}---\n\n## Definition\n\nA lead that counts.\n"
LEAD = DEFINITION.format("Lead", "aliases: [prospect]\navoid: [hot one]\n")

SAID = {
    "list-gap": ["We need:\n- this\n", "We need this\n- one\n- two\n", "Then\n1. one\n2. two\n"],
    "list-indent": ["- one\n  - two\n", "1. one\n   - two\n"],
    "hash-word": ["#travel is the channel\n"],
    "turned-link": ["See (the page)[https://example.com].\n", "See [the page] (https://example.com/x).\n"],
    "empty-link": ["See [the page]().\n", "See [](https://example.com).\n"],
    "lost-reference": ["See [the page][nowhere].\n"],
    "unclosed": ["Text\n\n```\ncode\n", "Text <!-- a note\n\nand more\n"],
    "link": ["[x](gone.md)\n", "![x](gone.png)\n", "[x][y]\n\n[y]: gone.md\n", "[x](folder/)\n", "[x](http://[y)\n"],
    "anchor": ["[x](#gone)\n", "[x](lead.md#gone)\n"],
    "alt": ["![](https://example.com/a.png)\n", "![a.png](https://example.com/a.png)\n", '<img src="a.png">\n'],
    "spelling": ["Teh end of it, recieved.\n", "## A sucessful heading\n", "Teh odd end <!-- kb allow spelling -->\n"],
    "avoided-word": ["A Hot one came in.\n", "Two hot ones.\n"],
    "term-before": ["A lead comes first.\n\nSee [Lead](lead.md).\n"],
    "front-matter": ["---\nkind: glossary\n---\n", "---\nid: Two Words\n---\n", "---\nteams: [marketing]\n---\n"],
    "id": ["Other pages have one.\n"],
    "owner": ["---\nowner: smae\n---\n"],
    "silence": ["Teh end <!-- kb allow spelling -->\n", "Text <!-- kb allow spellling: so they write -->\n"],
    "personal": [
        "---\nkind: note\n---\n\nAsk joan@acme.com.\n",
        "---\nkind: note\n---\n\nCall +49 30 1234567 tomorrow, or (202) 456-1414.\n",
        "---\nkind: note\n---\n\nMaria Fernandez said so, of Acme Tools GmbH.\n",
        "---\nkind: note\n---\n\nMr. Brown lives in Lange Straße 12.\n",
        "---\nkind: note\n---\n\nPay to DE89 3704 0044 0532 0130 00.\n",
    ],
}
QUIET = [
    "We need:\n\n- this\n    - and that\n\n        more of that\n",
    "He paid\n- as agreed - in time.\n",
    "| a |\n| - |\n- one\n- two\n",
    "    #!/bin/sh\n    teh code\n",
    "```\n[x](gone.md)\n- a\n  - b\n#travel\n```\n\n`teh` and `[x](gone.md)`\n",
    "<!-- [x](gone.md) teh -->\n",
    "!!! note\n    Read [this](lead.md).\n\n    - one\n        - two\n",
    "[x]({{ made }}) and [y]({% made %}) {{ teh }}\n",
    "[x](https://example.com/teh) <https://example.com/recieve> mail@example.com\n",
    "[x](lead.md#definition) [y](/lead.md) [z](#here)\n\n## Here\n",
    '[note](#x)\n\n<a id="x"></a>\n\n[own](#y)\n\n## Own { #y }\n',
    "A note.[^1]\n\n[^1]: Below it.\n",
    "See [the page][one].\n\n[one]:\n    https://example.com/x\n",
    "![A chart of sales](https://example.com/a.png) <img src='x.png' alt=''>\n",
    "[Lead](lead.md) comes first, then a lead again, as “the hot one” says.\n",
    "> A hot one, they said.\n",
    "- [x] done\n- [ ] not [yet] done [30m] (soon)\n",
    "## Heading `code`\n\n[x](#heading-code)\n",
    "Re-use it, co-operate.\n",
    "# C#\n\nUse # for numbers.\n",
    "---\nkind: note\n---\n\nSam Ortega asked, sam@hollin.com, on 2026-03-14 10:00. Sales lost 1,240,000.00 euros.\n",
    "---\nkind: note\n---\n\nCall 0000 0000 or write to info@example.com. Order 4711-2026-0815.\n",
    "Maria Fernandez wrote this page, joan@acme.com.\n",
    "Teh end <!-- kb allow spelling: the customer's own word -->\n",
    "- [ ] (https://example.com/x) Ask them\n- [x] (https://example.com/y) Call them\n",
    "See [the `list`][list][^1].\n\n[list]: https://example.com\n\n[^1]: Of last year.\n",
    f"{'Il comando scrive tutto quello che ha trovato, e chi lo legge decide. ' * 5}\n",
    "<!-- kb allow list-gap, spelling: shows as we want it -->\nTeh end:\n\n- one\n",
]


SLIPS = [(rule, text) for rule, texts in SAID.items() for text in texts]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The rules that say something of each text, all of them being pages of one wiki, which is read once."""
    wiki = Folder(tmp_path_factory.mktemp("wiki"))
    texts = [*(text for _, text in SLIPS), *QUIET]
    wiki.write(lead=LEAD, **{f"page{number}": text for number, text in enumerate(texts)})
    found = wiki.check()
    return {text: {one.rule for one in found if one.path == f"docs/page{at}.md"} for at, text in enumerate(texts)}


@pytest.mark.parametrize(("rule", "text"), SLIPS)
def test_a_slip_is_told_by_its_rule(told: dict[str, set[str]], rule: str, text: str) -> None:
    assert rule in told[text]


@pytest.mark.parametrize("text", QUIET)
def test_what_is_right_is_left_alone(told: dict[str, set[str]], text: str) -> None:
    assert told[text] - {"id"} == set()


def test_a_finding_says_where_and_what_to_do(wiki: Folder) -> None:
    wiki.write(index="Some text and\nmore, [x](laed.md)\n", lead="A page\n")
    (one,) = wiki.check()
    assert (one.path, one.line, one.column, one.level) == ("docs/index.md", 2, 7, "error")
    assert one.sentence == "the link 'laed.md' leads to no page or file of this wiki. Did you mean 'lead.md'?"


def test_two_definitions_cannot_claim_one_name(wiki: Folder) -> None:
    wiki.write(lead=LEAD, prospect=DEFINITION.format("Prospect", "aliases: [suspect]\n"))
    wiki.write(suspect=DEFINITION.format("S", "aliases: [suspect]\n"))
    assert wiki.said() == ["lead.md:4 alias", "suspect.md:4 front-matter"]


def test_what_binds_must_be_what_it_looks_like(wiki: Folder) -> None:
    wiki.write(lead=LEAD.replace("counts", "co\u200bunts"), index="co\u200bunts\n")
    assert wiki.said() == ["lead.md:10 disguise"]


def test_a_picture_that_is_too_heavy_is_named_with_its_weight(wiki: Folder) -> None:
    wiki.put("docs/big.png", b"x" * 1_500_000)
    assert ["1.5 MB" in one.message for one in wiki.check() if one.rule == "image-weight"] == [True]


def test_a_page_nobody_finds_is_named(wiki: Folder) -> None:
    wiki.put("mkdocs.yml", "site_name: T\nplugins: [kb]\nnav: [index.md]\n")
    wiki.write(index="[x](linked.md)\n", linked="x\n", alone="x\n")
    assert wiki.said() == ["alone.md:0 orphan"]


def test_names_and_words_of_the_wiki_are_no_mistakes(wiki: Folder) -> None:
    wiki.put("words.txt", "recieve\n")
    wiki.write(lead=DEFINITION.format("Ther lead", ""), index="They recieve a ther lead from Adn.\n")
    assert wiki.said() == []


def test_a_wiki_in_another_language_is_not_spelt_by_an_english_list(wiki: Folder) -> None:
    wiki.put("mkdocs.yml", "site_name: T\ntheme: {name: material, language: de}\n")
    wiki.write(index="Wir recieve teh.\n")
    assert wiki.said() == []


@pytest.mark.slow
@pytest.mark.parametrize("case", ["dead-links", "problems", "same-id", "unknown-owner", "no-cases", "broken-teams"])
def test_what_the_build_says_of_a_page_is_said_before_it(case: str) -> None:
    """Both say it by the same functions, so also in the same words; what needs the finished HTML is the build's."""
    wanted = yaml.safe_load((CASES / case / "expect.yml").read_text())
    lines = [line for key in ("stops", "warns") for line in wanted.get(key, []) if "to mend" not in line]
    found = {(one.path, one.sentence) for one in check(CASES / case / "mkdocs.yml", everything=True).findings}
    for line in lines:
        place, _, said = line.partition(": ")
        if not re.search("script of its own|live page|has no place", said):
            start = said.replace(" Fix: ", " ")
            assert any(sentence.startswith(start) and path == place.split(":")[0] for path, sentence in found), line


def test_the_documentation_lists_every_rule_as_it_is() -> None:
    """The table is that of the code: whoever adds a rule is told the row to add."""
    page = (ROOT / "docs" / "about" / "checking.md").read_text()
    for rule in RULES:
        assert f"| `{rule.name}` | {rule.level} | {rule.about} | {'yes' if rule.mends else ''} |" in page
    assert set(re.findall(r"^\| `([a-z-]+)` \| (?:error|warning|as)", page, re.MULTILINE)) == NAMES
