"""Who may do what with a suggestion: everybody who can, and everybody who cannot, in every state there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from suggesting import House

from kb_server.suggestions import reading, service
from kb_server.suggestions.models import Asking, Given, Remark, Suggestion
from kb_server.writing.models import Said

EVERYBODY = ("", "otto", "sam", "nia", "mia", "tom", "lee", "vera", "ada")
"""Nobody · in no team · who asked · of her team · both of the team that is asked · in both teams and their liaison ·
the liaison of another · admin."""
ANSWERING, ASKING, AUTHOR = {"mia", "tom", "lee", "ada"}, {"sam", "nia", "lee"}, {"sam"}

WAITING = {
    "plan": ANSWERING,
    "decline": ANSWERING,
    "ask": ANSWERING,
    "join": ANSWERING,
    "finish": ANSWERING,
    "back": AUTHOR,
}
MAY: dict[str, dict[str, set[str]]] = {
    "waiting": WAITING,
    "more": {name: who for name, who in WAITING.items() if name != "ask"} | {"tell": ASKING},
    "planned": {name: who for name, who in WAITING.items() if name != "ask"},
    "done": {"reopen": ASKING | ANSWERING},
    "notnow": {"plan": ANSWERING, "join": ANSWERING, "reopen": ASKING | ANSWERING},
    "asked": {"part": ANSWERING | AUTHOR},
    "back": {"reopen": AUTHOR},
}
ACTS = ("plan", "decline", "ask", "join", "part", "tell", "finish", "reopen", "back")
REFUSED = {"SignInFirst", "Forbidden", "Conflict"}


def given(house: House, act: str, other: int) -> dict[str, Any]:
    """What goes with an act, all of it as it should be."""
    by_when = house.now.date().isoformat()
    return {"words": "In a few words", "owner": "tom", "by_when": by_when, "into": other, "act": act}


def in_state(house: House, state: str, other: int) -> Suggestion:
    """A suggestion of Sam's to Marketing that has come into a state by what people do."""
    one = house.ask("sam")
    ways: dict[str, tuple[tuple[str, str], ...]] = {
        "waiting": (),
        "more": (("mia", "ask"),),
        "planned": (("mia", "plan"),),
        "done": (("mia", "finish"),),
        "notnow": (("mia", "decline"),),
        "asked": (("mia", "join"),),
        "back": (("sam", "back"),),
    }
    for who, act in ways[state]:
        one = house.act(who, one, **given(house, act, other))
    assert one.state == state
    return one


@pytest.mark.parametrize("state", MAY)
def test_an_act_is_open_to_these_in_this_state_and_to_nobody_else(state: str, house: House) -> None:
    other = house.ask("otto", "The same, but before").number
    one = in_state(house, state, other)
    before = house.written()
    for who in EVERYBODY:
        open_to = {act for act, may in MAY[state].items() if who in may}
        for act in ACTS:
            fields = Given(**given(house, act, other), version=one.version)
            came = house.would(lambda connection: service.act(connection, house.by(who), one, fields))  # noqa: B023
            assert came == "done" if act in open_to else came in REFUSED, (who, act, came)
        assert set(service.may_act(house.by(who).actor, one)) == open_to, who
    assert house.written() == before


def test_what_is_offered_stands_in_the_order_of_the_table(house: House) -> None:
    one = house.ask("lee")
    assert service.may_act(house.by("lee").actor, one) == ("plan", "decline", "ask", "join", "finish", "back")


def test_somebody_who_is_not_signed_in_is_asked_to_and_others_are_told_that_it_is_not_open_to_them(
    house: House,
) -> None:
    one = house.ask("sam")
    for who, answer in (("", "SignInFirst"), ("otto", "Forbidden"), ("vera", "Forbidden"), ("sam", "Forbidden")):
        attempt = Given("decline", words="No", version=one.version)
        assert house.would(lambda connection: service.act(connection, house.by(who), one, attempt)) == answer  # noqa: B023


def test_otto_who_is_in_no_team_goes_on_with_what_he_asked_for_and_nobody_does_so_for_him(house: House) -> None:
    one = house.act("mia", house.ask("otto", "Tell me more"), "ask", words="Of what?")
    assert one.from_team == ""
    for who in set(EVERYBODY) - {"otto"}:
        assert "tell" not in service.may_act(house.by(who).actor, one)
    assert house.act("otto", one, "tell", words="Of prices").state == "waiting"


def test_a_team_that_is_no_more_is_answered_for_by_those_who_run_the_wiki(house: House) -> None:
    one = house.ask("sam", to_team="success")
    assert "plan" in service.may_act(house.by("vera").actor, one)
    teams = {name: team for name, team in house.roster.teams.items() if name != "success"}
    house.roster = type(house.roster)(teams, house.roster.people, house.roster.admins)
    house.__post_init__()
    assert [who for who in EVERYBODY if "plan" in service.may_act(house.by(who).actor, one)] == ["ada"]
    assert house.plan("ada", one).state == "planned"


SIGNED_IN = set(EVERYBODY) - {""}
Attempt = Callable[[sa.Connection, House, str, Suggestion], object]
OTHERS: dict[str, tuple[set[str], Attempt]] = {
    "ask": (SIGNED_IN, lambda c, h, who, _: service.ask(c, h.by(who), Asking(Said("Please"), "sales"))),
    "ask for Sales": (
        {"sam", "nia", "lee"},
        lambda c, h, who, _: service.ask(c, h.by(who), Asking(Said("Please"), "marketing", "sales")),
    ),
    "vote": (SIGNED_IN - {"sam"}, lambda c, h, who, one: service.vote(c, h.by(who), one)),
    "unvote": (SIGNED_IN - {"sam"}, lambda c, h, who, one: service.vote(c, h.by(who), one, does=False)),
    "remark": (SIGNED_IN, lambda c, h, who, one: service.remark(c, h.by(who), one, Said("I think so too"))),
    "edit": ({"sam"}, lambda c, h, who, one: service.edit(c, h.by(who), one, "T", Said("New", version=one.version))),
    "address": (ANSWERING, lambda c, h, who, one: service.address(c, h.by(who), one, "success", one.version)),
    "label": ({"lee", "ada"}, lambda c, h, who, one: service.label(c, h.by(who), one, ["prices"])),
    "hide": ({"lee", "ada"}, lambda c, h, who, one: service.hide(c, h.by(who), one)),
    "show": ({"lee", "ada"}, lambda c, h, who, one: service.show(c, h.by(who), one)),
    "edit remark": ({"otto"}, lambda c, h, who, one: service.edit_remark(c, h.by(who), _said(h, one), _again(h, one))),
    "delete remark": ({"otto"}, lambda c, h, who, one: service.delete_remark(c, h.by(who), _said(h, one))),
    "hide remark": ({"lee", "ada"}, lambda c, h, who, one: service.hide_remark(c, h.by(who), _said(h, one))),
    "show remark": ({"lee", "ada"}, lambda c, h, who, one: service.show_remark(c, h.by(who), _said(h, one))),
}


@pytest.mark.parametrize("write", OTHERS)
def test_every_other_write_is_open_to_these_and_to_nobody_else(write: str, house: House) -> None:
    may, attempt = OTHERS[write]
    one = house.ask("sam")
    house.say("otto", one, "What Otto says")
    before = house.written()
    for who in EVERYBODY:
        came = house.would(lambda connection: attempt(connection, house, who, one))  # noqa: B023
        refused = {"SignInFirst", "Forbidden", "Invalid", "Wrong"} if who else {"SignInFirst"}
        assert came == "done" if who in may else came in refused, (who, came)
    assert house.written() == before


def test_a_program_does_what_its_token_is_for_and_hides_nothing(house: House) -> None:
    one = house.ask("sam")
    reader, writer = house.with_token("lee", "read"), house.with_token("lee", "read", "talk")
    for _, attempt in OTHERS.values():
        house.actors["program"] = reader
        assert house.would(lambda connection: attempt(connection, house, "program", one)) != "done"  # noqa: B023
    assert service.may_act(reader, one) == ()
    assert service.may_act(writer, one) == ("plan", "decline", "ask", "join", "finish")
    house.actors["program"] = writer
    for name in ("vote", "remark", "address", "label", "ask for Sales"):
        assert house.would(lambda connection: OTHERS[name][1](connection, house, "program", one)) == "done"  # noqa: B023
    assert house.would(lambda connection: service.hide(connection, house.by(writer), one)) == "Forbidden"


def _said(house: House, one: Suggestion) -> Remark:
    return house.read(reading.remarks_of, one.number)[0]


def _again(house: House, one: Suggestion) -> Said:
    return Said("Said better", version=_said(house, one).version)
