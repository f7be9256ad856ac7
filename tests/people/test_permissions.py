"""Who may do what, as a table, and that no route is left out of it."""

from __future__ import annotations

import pytest

from kb_server.app import create_app
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.errors import Forbidden, KbError
from kb_server.people import permissions
from kb_server.people.models import GUEST, NOBODY, Actor
from kb_server.people.permissions import SignInFirst, Thing, may, require

SAM = Actor("p_sam", "Sam", "sam", frozenset({"sales"}), speaks_for=frozenset({"sales"}), reads=True)
LEE = Actor("p_lee", "Lee", "lee", frozenset({"sales", "marketing"}), liaison_of=frozenset({"sales"}), reads=True)
ADA = Actor("p_ada", "Ada", "ada", is_admin=True, reads=True)
OTTO = Actor("p_otto", "Otto", reads=True)


@pytest.mark.parametrize(
    ("check", "thing", "who"),
    [
        (permissions.anybody, Thing(), {NOBODY, GUEST, SAM, LEE, ADA, OTTO}),
        (permissions.reader, Thing(), {GUEST, SAM, LEE, ADA, OTTO}),
        (permissions.signed_in, Thing(), {SAM, LEE, ADA, OTTO}),
        (permissions.author, Thing(author="p_sam"), {SAM}),
        (permissions.author, Thing(author=""), set()),
        (permissions.owner, Thing(owner="lee"), {LEE}),
        (permissions.owner, Thing(owner=""), set()),
        (permissions.teammate, Thing(teams=("marketing",)), {LEE}),
        (permissions.teammate, Thing(), set()),
        (permissions.liaison, Thing(teams=("sales",)), {LEE}),
        (permissions.liaison, Thing(teams=("marketing",)), set()),
        (permissions.liaison, Thing(), {LEE}),
        (permissions.admin, Thing(), {ADA}),
    ],
)
def test_a_check_holds_for_these_and_nobody_else(check: permissions.Check, thing: Thing, who: set[Actor]) -> None:
    assert {actor for actor in (NOBODY, GUEST, SAM, LEE, ADA, OTTO) if check(actor, thing)} == who


def test_who_is_not_signed_in_is_told_so_and_who_is_that_it_is_not_open() -> None:
    with pytest.raises(SignInFirst):
        require(GUEST, "account")
    with pytest.raises(Forbidden, match="not open to you"):
        require(SAM, "people.list")


def test_a_token_may_do_what_its_scopes_name_and_never_touch_an_account() -> None:
    token = Actor("p_sam", "Sam", reads=True, scopes=frozenset({"read"}))
    assert may(token, "read")
    assert not may(token, "account")
    assert not may(Actor("p_ada", is_admin=True, scopes=frozenset({"read"})), "people.list")


def test_every_permission_a_route_needs_is_in_the_table() -> None:
    assert set(permissions.ROUTES.values()) <= set(permissions.MAY)


def test_a_route_that_nobody_has_put_into_the_table_stops_the_start() -> None:
    with pytest.raises(KbError, match=r"threads\.new"):
        permissions.check_routes([*permissions.ROUTES, "threads.new"])


def test_every_route_asks_the_table(settings: Settings, database: Database) -> None:
    app = create_app(settings, database)
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(permissions.ROUTES)
