"""The way of an edit on PostgreSQL: suggested, carried over, applied on the terminal, and its author forgotten."""

from __future__ import annotations

from dataclasses import replace

from click.testing import CliRunner
from pasts import Past
from stores import on_alone
from suggesting import House
from suggestions.test_applying import EDIT, NEW, past, settings, suggested
from wiki.editing.test_edits import PAGE, SECTION

from kb_server.cli import kb
from kb_server.config import Settings
from kb_server.people import service
from kb_server.suggestions import held
from kb_server.suggestions.carrying import service as carrying
from kb_server.suggestions.edits import storage

__all__ = ["past", "settings"]
pytestmark = on_alone("postgresql")


def test_an_edit_goes_its_whole_way_on_postgresql(past: Past, house: House, settings: Settings) -> None:
    today = SECTION.replace("soon", "soon, by phone")
    past.commit("By phone", calls=PAGE.replace(SECTION, today))
    one = suggested(house, replace(EDIT, after=EDIT.after + "\n\nAsk @sam."), NEW)
    environment = {"KB_DATABASE_URL": settings.database_url, "KB_DATA_DIR": str(settings.data_dir)}
    command = ["apply", one.name, "-f", str(settings.config_file)]
    assert "has changed since" in str(CliRunner().invoke(kb, command, env=environment).exception)
    carried = [replace(EDIT, before=today, after=f"{today}\n\nAsk @sam."), NEW]
    now = house.do(carrying.carry, "mia", one, one.version, carried)
    assert house.read(storage.edits_of, one.number) == carried
    assert [past.version for past in house.read(storage.past_of, one.number, 9)] == [one.version]
    assert house.read(storage.counts_of, [one.number, 99]) == {one.number: 2}
    done = CliRunner().invoke(kb, command, env=environment)
    assert done.exit_code == 0, done.output
    assert past.git("diff", "--name-only", "main", f"suggestion/{one.name}") == "docs/calls.md\ndocs/fairs.md"
    with house.database.transaction() as connection:
        storage.mark_applied(connection, one.number, [0, 1], "https://forge.example/1")
        held.HOLDING.erase(connection, service.person_for(connection, "sam", house.roster, house.now))
    kept = house.read(storage.edits_of, one.number)
    assert {edit.applied for edit in kept} == {"https://forge.example/1"}
    assert "@sam" not in kept[0].after
    assert now.version == one.version + 1
