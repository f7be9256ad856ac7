"""What GitHub and Gitea answer alike: files, pull requests, and whose a token is."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from kb_server.forges.answers import number, part_of, told
from kb_server.forges.asking import Api
from kb_server.forges.models import CLOSED, MERGED, OPEN, ForgeError, Request


def text_of(found: object) -> str | None:
    """The text of a file; None where it is none that people write."""
    if told(found, "encoding") != "base64":
        return None
    try:
        return base64.b64decode(told(found, "content")).decode()
    except ValueError:
        return None


def request_of(forge: str, found: object) -> Request:
    """A pull request in an answer. Raises ForgeError."""
    is_open = told(found, "state") == "open"
    state = OPEN if is_open else MERGED if told(found, "merged_at") else CLOSED
    return Request(number(forge, found, "number"), state)


def whose_token(api: Api, mail: str, *, numbered: bool = False) -> Mapping[str, str]:
    """By which name and address the token's owner commits; nothing where the token may not tell.

    `mail` is the domain of the addresses that the forge gives to those who keep their own to themselves. Those that are
    `numbered` name the account by its number too, and credit it with nothing that has an address without it.
    """
    try:
        user = api.get("/user")
    except ForgeError:
        return {}
    login, own = told(user, "login"), part_of(user, "id")
    if not login:
        return {}
    account = f"{own}+{login}" if numbered and isinstance(own, int) else login
    email = told(user, "email") or f"{account}@{mail}"
    return {"name": told(user, "name") or told(user, "full_name") or login, "email": email}
