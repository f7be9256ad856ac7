"""`kb definitions`, as a person and a build in CI meet it: what it prints, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from by_hand import page
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from signing import OURS, sign_in

from kb_server.cli.program import kb
from kb_server.config import Settings
from kb_server.pages.manifest import Page, Term

Run = Callable[..., Result]


def term(page_id: str, *teams: str) -> Page:
    text = f"This is {page_id}."
    return replace(
        page(page_id, text, title=f"{page_id}\x1b[2J", kind="definition"),
        teams=teams,
        binding=f"1:{text}",
        term=Term(text, f"<p>{text}</p>", text),
    )


@pytest.fixture
def run(settings: Settings, publish: Callable[..., str], client: FlaskClient) -> Run:
    """Run `kb` on a wiki in which Sales has agreed to "mql", and nobody to "icp"."""
    publish(page("home", url=""), term("mql", "sales"), term("icp", "sales", "marketing"))
    sign_in(client, "sam")
    said = {"team": "sales", "says": "agree", "digest": "1:This is mql."}
    assert client.post("/d/mql/", data=said, headers=OURS).status_code == 303
    settings.config_file.write_text("site_name: W\n")
    environment: Mapping[str, str] = {"KB_DATA_DIR": str(settings.data_dir), "KB_DATABASE_URL": settings.database_url}

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(kb, [*words, "-f", str(settings.config_file)], env=environment)

    return invoke


def test_each_definition_is_listed_with_what_its_teams_say(run: Run) -> None:
    done = run("definitions")
    assert done.exit_code == 0
    assert done.output.startswith("2 definitions, 1 agreed\n")
    assert "Not agreed yet: icp\ufffd[2J (icp), no version yet\n    Sales has not answered" in done.output
    assert "waits for Sales and Marketing" in done.output
    assert "Agreed: mql\ufffd[2J (mql), version 1 since " in done.output
    assert "\x1b" not in done.output


def test_ci_stops_where_something_is_not_agreed_and_only_there(run: Run) -> None:
    assert run("definitions", "--check").exit_code == 1
    assert run("definitions", "--check", "--team", "marketing").exit_code == 1
    assert run("definitions", "--check", "--team", "success").exit_code == 0


def test_a_team_asks_for_what_waits_for_it(run: Run) -> None:
    shown = json.loads(run("definitions", "--team", "sales", "--waiting", "--json").output)
    assert [(one["definition"], one["waits_for"]) for one in shown] == [("icp", ["Sales", "Marketing"])]
    assert "mql" not in run("definitions", "--waiting", "--csv").output


def test_a_team_nobody_knows_is_said_and_not_taken_for_one_without_definitions(run: Run) -> None:
    done = run("definitions", "--check", "--team", "sails")
    assert done.exit_code != 0
    assert "There is no team sails" in str(done.exception)
