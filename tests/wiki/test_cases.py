"""The table of cases beside a definition: what is read of it, and what its author is told."""

from __future__ import annotations

import pytest
import yaml

from kb_server.pages.manifest import Case
from kb_server.wiki import cases
from kb_server.wiki.frontmatter import check


def read(text: str) -> tuple[tuple[Case, ...], list[str]]:
    found, problems = cases.read(text.encode(), "docs/x.cases.csv")
    return found, [str(one) for one in problems]


def test_each_line_is_a_case() -> None:
    found, problems = read('title,text\n"Lead A, sample","A joinery, 70 people"\n\nLead B,Two\n')
    assert problems == []
    assert found == (Case("lead-a-sample", "Lead A, sample", "A joinery, 70 people"), Case("lead-b", "Lead B", "Two"))


def test_it_may_come_from_a_spreadsheet_of_any_country() -> None:
    found, problems = read('\ufeffText;ID;Title\r\n"One\r\n two";7;Lead A\r\n')
    assert problems == []
    assert found == (Case("7", "Lead A", "One two"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "docs/x.cases.csv:1: there is no column 'title'. Fix: Let the first line be: title,text"),
        ("title\nA\n", "docs/x.cases.csv:1: there is no column 'text'"),
        ("title,text,textt\nA,b,c\n", "Did you mean 'text'?"),
        ("title,text,text\nA,b,c\n", "docs/x.cases.csv:1: a column stands here twice"),
        ("title,text\n", "docs/x.cases.csv:1: the table has no cases"),
        ("title,text\nA,b\nA,c\n", "docs/x.cases.csv:3: there are two cases 'a'"),
        ("title,text\nA,b, c\n", "docs/x.cases.csv:2: this line has not as many cells as the first"),
        ('title,text\nA,"b\nc"\nB,\n', "docs/x.cases.csv:4: a case needs a title and a text"),
        ("id,title,text\nA B,A,b\n", "docs/x.cases.csv:2: the id 'A B' is not made of a-z, 0-9 and hyphens"),
        ("title,text\n" + f"A,{'b' * 1001}\n", "docs/x.cases.csv:2: this case is too long"),
        ("title,text\n" + "".join(f"A{one},b\n" for one in range(61)), "there are more than 60 cases"),
        ('title,text\nA,"b\n', "docs/x.cases.csv: this is no CSV"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    assert any(said in one for one in read(text)[1]), read(text)


def test_a_table_in_another_encoding_is_told() -> None:
    assert "Save the table as CSV UTF-8" in str(cases.read("title,text\nä,b".encode("latin-1"), "x.csv")[1][0])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("cases: 7", "docs/x.md:2: 'cases' must be the name of a CSV file"),
        ("cases: leads.xlsx", "Write cases: sample-leads.csv."),
        ("verdicts: [Ready]", "docs/x.md:2: 'verdicts' must be two answers"),
        ("verdicts: [Ready, Ready]", "Write verdicts: [Ready, Not ready]."),
        ("verdicts: Ready", "docs/x.md:2: 'verdicts' must be two answers"),
    ],
)
def test_front_matter_names_a_table_and_two_answers(lines: str, said: str) -> None:
    problems = check(yaml.safe_load(lines), file="docs/x.md", source=f"---\n{lines}\n---\n", teams=None)
    assert said in str(problems[0])
    good = {"cases": "leads.csv", "verdicts": ["Ready", "Not ready"]}
    assert check(good, file="docs/x.md", source="", teams=None) == []
