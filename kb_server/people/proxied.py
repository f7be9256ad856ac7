"""Somebody whom a proxy in front has signed in: believed only when it is a named peer and knows the secret.

Servers treat a header that is sent twice, or under a name with an underscore, in different ways. So each must be there
once and hold no comma: whoever tries gets nothing, and not somebody else's rights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from kb_server.people import names, secret
from kb_server.people.models import PROXY, Proven
from kb_server.people.permissions import SignInFirst
from kb_server.people.roster import Roster

USER, NAME, EMAIL, GROUPS, SECRET = "Remote-User", "Remote-Name", "Remote-Email", "Remote-Groups", "Remote-Secret"
HEADERS = (USER, NAME, EMAIL, GROUPS, SECRET)
LONGEST = 200


class NotBelieved(SignInFirst):
    """An identity came with the request from where none may come."""


def identity(
    given: Mapping[str, str],
    peer: str,
    peers: Sequence[IPv4Network | IPv6Network],
    shared: str,
    roster: Roster,
) -> Proven | None:
    """Who those of `HEADERS` that are `given` say makes this request; None where there are none. Raises NotBelieved."""
    if not given:
        return None
    if not is_among(peer, peers) or not secret.same(given.get(SECRET, ""), shared):
        raise NotBelieved("This request names a person, and did not come through the proxy that may.")
    user, email = _text(given.get(USER, "")), given.get(EMAIL, "").strip()
    if not user or len(user) > LONGEST or "," in user or not user.isprintable() or names.clean(user) != user:
        raise NotBelieved("The proxy does not say who this is, or says it twice.")
    if "," in email:
        raise NotBelieved("The proxy says two things about the same person.")
    return _proven(user, _text(given.get(NAME, "")), email, given.get(GROUPS), roster)


def is_among(peer: str, peers: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether the machine at the other end is one of the named ones."""
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in network for network in peers)


def _proven(user: str, name: str, email: str, groups: str | None, roster: Roster) -> Proven:
    handle = user if user in roster.people else roster.by_subject(user) or roster.by_email(user)
    listed = roster.people.get(handle)
    teams = None if groups is None else roster.teams_called(groups.split(","))
    return Proven(
        PROXY,
        user,
        name=listed.name if listed else name or user,
        email=listed.email if listed else email,
        handle=handle,
        teams=teams,
    )


def _text(value: str) -> str:
    """A header's text: WSGI hands over bytes as Latin-1, proxies send UTF-8."""
    try:
        return value.encode("latin-1").decode().strip()
    except UnicodeError:
        return value.strip()
