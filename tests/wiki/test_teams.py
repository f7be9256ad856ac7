"""teams.yml: who we are, and what its author is told when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb_server.errors import Invalid
from kb_server.wiki.teams import Teams, TeamsError, load

GOOD = """company: Hollin & Reed
teams:
  sales: {name: Sales, hue: blue, head: sam, speakers: [sam], liaisons: [lee], hours: "9-17", time_zone: Europe/Berlin}
  marketing: {name: Marketing, hue: plum, speakers: [mia, lee], liaisons: [lee]}
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


def test_what_later_features_read_is_kept(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD).teams["sales"].extra == {"hours": "9-17", "time_zone": "Europe/Berlin"}


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


@pytest.mark.parametrize("text", ["", "company: A\n", "teams:\npeople:\n"])
def test_a_wiki_may_have_no_teams_yet(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).teams == {}


WRONG = {
    "an unknown speaker": (GOOD.replace("[mia, lee]", "[mai, lee]"), "teams.yml:4: 'mai' is not a person", "'mia'?"),
    "an unknown head": (GOOD.replace("head: sam", "head: sum"), "teams.yml:3: 'sum' is not a person", "'sam'?"),
    "an unknown team": (
        GOOD.replace("teams: [sales]", "teams: [slaes]"),
        "teams.yml:7: 'slaes' is not a team",
        "'sales'?",
    ),
    "a bad hue": (GOOD.replace("plum", "plumb"), "teams.yml:4: 'plumb' is not a hue", "'plum'?"),
    "a colour with a meaning": (
        GOOD.replace("plum", "red"),
        "teams.yml:4: 'red' is not a hue",
        "blue, plum, ochre, slate",
    ),
    "no hue": (GOOD.replace(", hue: ochre", ""), "teams.yml:5: a hue is missing", "Use one of"),
    "no name": (GOOD.replace("name: Customer Success, ", ""), "teams.yml:5: the team 'success' has no name", ""),
    "one name twice": (GOOD.replace("Customer Success", "sales"), "teams.yml:5: 'success' and 'sales' are both", ""),
    "one id twice": (GOOD.replace("  success:", "  sales:"), "teams.yml:5: 'sales' stands here a second time", ""),
    "an unknown key of a team": (
        GOOD.replace("speakers: [mia", "speaker: [mia"),
        "'speaker' is not known",
        "'speakers'?",
    ),
    "an unknown key": (GOOD.replace("people:", "persons:"), "'persons' is not known here", ""),
    "an unknown key of a person": (GOOD.replace("email:", "mail:"), "teams.yml:7: 'mail' is not known", "'email'?"),
    "an address that is none": (GOOD.replace("sam@example.com", "sam"), "teams.yml:7: 'sam' is no mail address", ""),
    "a bad id": (GOOD.replace("  success:", "  Kunden Erfolg:"), "the team id 'Kunden Erfolg' is not made of", ""),
    "a bad handle": (GOOD.replace("  otto:", "  Otto W:"), "the handle 'Otto W' is not made of", ""),
    "text for a list": (GOOD.replace("[mia, lee]", "mia"), "teams.yml:4: 'speakers' must be a list", ""),
    "a list for text": (GOOD.replace("name: Mia", "name: [Mia]"), "teams.yml:8: 'name' must be text", ""),
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
    text = GOOD.replace("plum", "pink").replace("[sam]", "[sum]").replace("name: Mia", "nmae: Mia")
    lines = [int(line.split(":")[1]) for line in problems(tmp_path, text)]
    assert lines == sorted(lines) == [3, 4, 8]


def test_it_can_be_answered_as_any_bad_input(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"teams\.yml: cannot be read"):
        load(tmp_path / "teams.yml")


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "teams.yml").write_bytes("company: Größe".encode("latin-1"))
    with pytest.raises(TeamsError, match="UTF-8"):
        load(tmp_path / "teams.yml")


def test_the_sample_s_teams_are_good() -> None:
    assert len(load(Path(__file__).parents[2] / "teams.yml").teams) >= 2
