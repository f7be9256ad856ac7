"""teams.yml: who we are, and what its author is told when it is wrong."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from kb_server.clock import Calendar
from kb_server.errors import Invalid
from kb_server.people.roster import from_data
from kb_server.wiki.frontmatter import check
from kb_server.wiki.teams import Teams, TeamsError, load

GOOD = """company: Hollin & Reed
teams:
  sales: {name: Sales, hue: blue, head: sam, speakers: [sam], liaisons: [lee], answers: [sam],
    deputies: {sam: [lee, mia]}, hours: ["Mon-Thu 9:00-12:30, 13:30-17:00", Fri 9-13], time_zone: Europe/Berlin,
    holidays: [2026-12-24, 12-25], answer_within: 3 days}
  marketing: {name: Marketing, hue: plum, speakers: [mia, lee], liaisons: [lee], answer_within: 5 hours}
  success: {name: Customer Success, hue: ochre}
people:
  sam: {name: Sam, email: sam@example.com, teams: [sales]}
  mia: {name: Mia}
  lee: {name: Lee, teams: [sales, marketing]}
  otto:
"""


def read(tmp_path: Path, text: str) -> Teams:
    path = tmp_path / "teams.yml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(TeamsError) as raised:
        read(tmp_path, text)
    assert str(raised.value).splitlines() == [str(problem) for problem in raised.value.problems]
    return str(raised.value).splitlines()


def test_three_teams_are_read_in_their_order(tmp_path: Path) -> None:
    teams = read(tmp_path, GOOD)
    assert list(teams.teams) == ["sales", "marketing", "success"]
    assert teams.company == "Hollin & Reed"
    assert teams.people["lee"].teams == ("sales", "marketing")
    assert teams.people["otto"].name == "otto"


def test_a_team_says_when_it_works_and_who_answers(tmp_path: Path) -> None:
    sales = read(tmp_path, GOOD).teams["sales"]
    assert sales.calendar == Calendar(
        "Europe/Berlin",
        (((540, 750), (810, 1020)),) * 4 + (((540, 780),), (), ()),
        frozenset({date(2026, 12, 24)}),
        3 * 7 * 3600,
        frozenset({(12, 25)}),
    )
    assert sales.answers == ("sam",)
    assert sales.deputies == {"sam": ("lee", "mia")}


def test_a_team_that_says_nothing_works_as_most_people_do(tmp_path: Path) -> None:
    teams = read(tmp_path, GOOD).teams
    assert teams["success"].calendar == Calendar()
    assert teams["marketing"].calendar == Calendar(allowance=5 * 3600)


def test_the_server_knows_of_it_what_the_file_says(tmp_path: Path) -> None:
    teams = read(tmp_path, GOOD)
    roster = from_data(json.loads(json.dumps(teams.for_roster())))
    for key, team in teams.teams.items():
        known = roster.teams[key]
        assert (known.calendar, known.answers, known.deputies) == (team.calendar, team.answers, team.deputies)


def test_a_build_made_before_there_were_calendars_is_read(tmp_path: Path) -> None:
    data = read(tmp_path, GOOD).for_roster()
    for team in data["teams"].values():
        for later in ("calendar", "answers", "deputies"):
            del team[later]
    assert from_data(data).teams["sales"].calendar == Calendar()


def test_the_manifest_gets_names_and_no_addresses(tmp_path: Path) -> None:
    teams = read(tmp_path, GOOD).for_manifest()
    assert teams["marketing"] == {
        "name": "Marketing",
        "hue": "plum",
        "head": "",
        "speakers": ["Mia", "Lee"],
        "liaisons": ["Lee"],
    }
    assert "example.com" not in str(teams)


def test_people_and_pages_may_go_on_naming_a_team_as_it_was_called(tmp_path: Path) -> None:
    renamed = GOOD.replace("  sales: {name: Sales,", "  selling: {name: Selling, was: [sales, pr],")
    teams = read(tmp_path, renamed + "dissolved: [field]\n")
    assert teams.people["lee"].teams == ("selling", "marketing")
    assert check({"teams": ["sales", "pr"]}, file="a.md", source="", teams=teams) == []
    roster = from_data(json.loads(json.dumps(teams.for_roster())))
    assert (roster.now("pr"), roster.now("field"), roster.team("sales").name) == ("selling", "field", "Selling")
    assert roster.dissolved == {"field"}


@pytest.mark.parametrize("text", ["", "company: A\n", "teams:\npeople:\n"])
def test_a_wiki_may_have_no_teams_yet(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).teams == {}


WRONG = {
    "hours nobody can read": (GOOD.replace("Fri 9-13", "Fry 9-13"), "teams.yml:4: 'fry' is no day", "Mon-Fri 9:00"),
    "hours that are a number": (GOOD.replace("Fri 9-13", "9"), "teams.yml:4: 'hours' must be text", "Mon-Fri 9:00"),
    "hours that overlap": (GOOD.replace("Fri 9-13", "Mon 8-10"), "teams.yml:4: two of the hours of Monday", "apart"),
    "an unknown time zone": (GOOD.replace("Berlin", "Berln"), "teams.yml:4: 'Europe/Berln' is no", "'Europe/Berlin'?"),
    "a holiday that is no day": (GOOD.replace("12-25]", "12-52]"), "teams.yml:5: '12-52' is no day", "2026-12-24"),
    "holidays that are no list": (GOOD.replace("[2026-12-24, 12-25]", "12-25"), "teams.yml:5: 'holidays' must", "["),
    "an answer at some time": (GOOD.replace("3 days", "soon"), "teams.yml:5: 'soon' is no time", "'2 days'"),
    "an answer in some number": (GOOD.replace("3 days", "3"), "teams.yml:5: 'answer_within' must be text", "quotes"),
    "nobody who answers": (GOOD.replace("answers: [sam]", "answers: [sum]"), "teams.yml:3: 'sum' is not", "'sam'?"),
    "an unknown deputy": (GOOD.replace("[lee, mia]", "[lee, mai]"), "teams.yml:4: 'mai' is not a person", "'mia'?"),
    "one's own deputy": (GOOD.replace("[lee, mia]", "[sam]"), "teams.yml:4: 'sam' is not a person", "mia"),
    "a deputy of nobody": (GOOD.replace("{sam: [lee", "{sum: [lee"), "teams.yml:4: 'sum' is not a person", "'sam'?"),
    "an unknown speaker": (GOOD.replace("[mia, lee]", "[mai, lee]"), "teams.yml:6: 'mai' is not a person", "'mia'?"),
    "an unknown head": (GOOD.replace("head: sam", "head: sum"), "teams.yml:3: 'sum' is not a person", "'sam'?"),
    "an unknown team": (
        GOOD.replace("teams: [sales]", "teams: [slaes]"),
        "teams.yml:9: 'slaes' is not a team",
        "'sales'?",
    ),
    "a bad hue": (GOOD.replace("plum", "plumb"), "teams.yml:6: 'plumb' is not a hue", "'plum'?"),
    "a colour with a meaning": (
        GOOD.replace("plum", "red"),
        "teams.yml:6: 'red' is not a hue",
        "blue, plum, ochre, slate",
    ),
    "no hue": (GOOD.replace(", hue: ochre", ""), "teams.yml:7: a hue is missing", "Use one of"),
    "no name": (GOOD.replace("name: Customer Success, ", ""), "teams.yml:7: the team 'success' has no name", ""),
    "one name twice": (GOOD.replace("Customer Success", "sales"), "teams.yml:7: 'success' and 'sales' are both", ""),
    "one id twice": (GOOD.replace("  success:", "  sales:"), "teams.yml:7: 'sales' stands here a second time", ""),
    "an unknown key of a team": (
        GOOD.replace("speakers: [mia", "speaker: [mia"),
        "'speaker' is not known",
        "'speakers'?",
    ),
    "an unknown key": (GOOD.replace("people:", "persons:"), "'persons' is not known here", ""),
    "an unknown key of a person": (GOOD.replace("email:", "mail:"), "teams.yml:9: 'mail' is not known", "'email'?"),
    "an address that is none": (GOOD.replace("sam@example.com", "sam"), "teams.yml:9: 'sam' is no mail address", ""),
    "a bad id": (GOOD.replace("  success:", "  Kunden Erfolg:"), "the team id 'Kunden Erfolg' is not made of", ""),
    "a team that is and was": (
        GOOD.replace("{name: Marketing", "{was: [sales], name: Marketing"),
        "teams.yml:6: 'sales' is a team still, so it has not become 'marketing'",
        "Take one",
    ),
    "a team that has become two": (
        GOOD.replace("{name: Marketing", "{was: [pr], name: Marketing").replace(
            "{name: Customer", "{was: [pr], name: Customer"
        ),
        "teams.yml:7: 'pr' has become 'marketing' and cannot be 'success' as well",
        "Name it where",
    ),
    "a team dissolved and merged": (
        GOOD.replace("{name: Marketing", "{was: [pr], name: Marketing") + "dissolved: [pr]\n",
        "teams.yml:13: 'pr' is not dissolved: it is the team 'marketing' now",
        "Take one",
    ),
    "a bad handle": (GOOD.replace("  otto:", "  Otto W:"), "the handle 'Otto W' is not made of", ""),
    "text for a list": (GOOD.replace("[mia, lee]", "mia"), "teams.yml:6: 'speakers' must be a list", ""),
    "a list for text": (GOOD.replace("name: Mia", "name: [Mia]"), "teams.yml:10: 'name' must be text", ""),
    "a list of teams": ("teams: [sales]\n", "teams.yml:1: 'teams' must be keys with values", ""),
    "a list": ("- sales\n", "the file must be keys with values", ""),
    "no YAML": ("teams: {\n", "teams.yml:", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_mistake_is_named_with_its_line_and_its_fix(tmp_path: Path, name: str) -> None:
    text, message, fix = WRONG[name]
    found = problems(tmp_path, text)
    assert any(message in line and fix in line for line in found), found


def test_all_mistakes_are_named_at_once_and_in_order(tmp_path: Path) -> None:
    text = GOOD.replace("plum", "pink").replace("speakers: [sam]", "speakers: [sum]").replace("name: Mia", "nmae: Mia")
    lines = [int(line.split(":")[1]) for line in problems(tmp_path, text)]
    assert lines == sorted(lines) == [3, 6, 10]


def test_it_can_be_answered_as_any_bad_input(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"teams\.yml: cannot be read"):
        load(tmp_path / "teams.yml")


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "teams.yml").write_bytes("company: Größe".encode("latin-1"))
    with pytest.raises(TeamsError, match="UTF-8"):
        load(tmp_path / "teams.yml")


def test_the_sample_s_teams_are_good() -> None:
    assert len(load(Path(__file__).parents[2] / "teams.yml").teams) >= 2
