"""`kb init`: from a few answers to a wiki that can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from mkdocs.utils import meta as mkdocs_meta
from pages.rendering import sections

from kb_server.errors import Conflict, Invalid
from kb_server.wiki import frontmatter
from kb_server.wiki.init import Answers, TeamAnswer, answers, create
from kb_server.wiki.teams import load

PLAIN = answers("Hollin & Reed", ["Sales", "Marketing"], ["Sam", "Mia"], "Lee", "https://git.example/hollin/wiki")
ODD = answers(
    'Müller & Söhne: "Best" #1 {{ x }} \n --- ',
    ["Vertrieb: Süd", "Marke\"ting's [x](y) <b>_z_", "y", "2024", "营销", "x" * 200],
    ["Jörg O'Neil", "Jorg ONeil", "yes", "7", "王伟", "z" * 200],
    'Li "the" Wu',
)


def check(folder: Path) -> None:
    """Raise unless the new wiki's teams and every page's front matter are good."""
    teams = load(folder / "teams.yml")
    pages = []
    for page in sorted((folder / "docs").rglob("*.md")):
        source = page.read_text(encoding="utf-8")
        meta = mkdocs_meta.get_data(source)[1]
        assert frontmatter.check(meta, file=page.name, source=source, teams=teams) == []
        pages.append((meta, page.name))
    assert frontmatter.duplicates(pages) == []


@pytest.mark.parametrize("given", [PLAIN, ODD], ids=["plain", "odd"])
def test_a_new_wiki_has_good_teams_and_good_pages(tmp_path: Path, given: Answers) -> None:
    written = create(tmp_path / "wiki", given)
    check(tmp_path / "wiki")
    assert sorted(written) == sorted(path for path in (tmp_path / "wiki").rglob("*") if path.is_file())


@pytest.mark.parametrize("given", [PLAIN, ODD], ids=["plain", "odd"])
def test_names_stand_there_as_they_were_given(tmp_path: Path, given: Answers) -> None:
    create(tmp_path, given)
    teams = load(tmp_path / "teams.yml")
    assert [team.name for team in teams.teams.values()] == [team.name for team in given.teams]
    speakers = [teams.people[team.speakers[0]].name for team in teams.teams.values()]
    assert speakers == [team.speaker for team in given.teams]
    assert teams.company == " ".join(given.company.split())
    assert yaml.safe_load((tmp_path / "mkdocs.yml").read_text(encoding="utf-8"))["site_name"] == teams.company


def test_a_name_with_signs_of_markdown_in_it_reads_as_it_is(tmp_path: Path) -> None:
    create(tmp_path, ODD)
    text = " ".join(
        section.text for section in sections((tmp_path / "docs/roles/index.md").read_text(encoding="utf-8"))
    )
    assert all(team.name in text for team in ODD.teams)


def test_no_id_is_one_that_yaml_reads_as_something_else(tmp_path: Path) -> None:
    create(tmp_path, ODD)
    teams = load(tmp_path / "teams.yml")
    assert all(isinstance(yaml.safe_load(name), str) for name in [*teams.teams, *teams.people])


def test_every_team_has_its_page_and_a_colour(tmp_path: Path) -> None:
    create(tmp_path, ODD)
    teams = load(tmp_path / "teams.yml").teams.values()
    assert len(list((tmp_path / "docs" / "roles").glob("what-*-does.md"))) == len(teams)
    assert [team.hue for team in teams][:4] == ["blue", "plum", "ochre", "slate"]


def test_what_stands_beside_the_pages_is_not_among_them(tmp_path: Path) -> None:
    create(tmp_path, PLAIN)
    beside = {path.name for path in tmp_path.iterdir()}
    assert beside == {".gitignore", "README.md", "docs", "mkdocs.yml", "teams.yml"}


def test_a_liaison_and_a_forge_may_be_missing(tmp_path: Path) -> None:
    create(tmp_path, answers("A", ["Sales", "Marketing"], ["Sam", "Mia"]))
    check(tmp_path)
    assert "repo_url" not in (tmp_path / "mkdocs.yml").read_text(encoding="utf-8")


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Conflict, match="not empty"):
        create(tmp_path, PLAIN)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "wiki").write_text("mine")
    with pytest.raises(Conflict):
        create(tmp_path / "wiki", PLAIN)


def test_a_fresh_clone_will_do(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert create(tmp_path, PLAIN)


def test_a_folder_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match="cannot be written"):
        create(tmp_path / "file" / "wiki", PLAIN)


@pytest.mark.parametrize(
    "given",
    [
        Answers("", PLAIN.teams),
        Answers(" \n", PLAIN.teams),
        Answers("A", []),
        Answers("A", PLAIN.teams[:1]),
        Answers("A", [TeamAnswer("Sales", "Sam"), TeamAnswer("sales ", "Mia")]),
        Answers("A", [TeamAnswer("Sales", ""), TeamAnswer("Marketing", "Mia")]),
        Answers("A", PLAIN.teams, forge="javascript:alert(1)"),
    ],
)
def test_answers_that_cannot_be_used_are_refused_before_anything_is_written(tmp_path: Path, given: Answers) -> None:
    with pytest.raises(Invalid):
        create(tmp_path / "wiki", given)
    assert not (tmp_path / "wiki").exists()


def test_every_team_needs_its_speaker() -> None:
    with pytest.raises(Invalid, match="one speaker for each team"):
        answers("A", ["Sales", "Marketing"], ["Sam"])
