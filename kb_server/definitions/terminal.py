"""Definitions as the terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence

from kb_server.definitions.listing import Listed
from kb_server.definitions.verifying import Mismatch, Verified
from kb_server.people.roster import Roster
from kb_server.words import each, listed

WRONG = {
    "digest": "what was kept of it gives another digest: it is not the text that people agreed to",
    "text": "its plain text is not the one its digest was taken of",
    "html": "what is shown of it has other words than what its digest was taken of",
    "missing": "somebody relied on this text, and it is not kept",
}


def report(found: Sequence[Listed], roster: Roster) -> str:
    """Two lines for each definition: how it stands, and what each team says of the text of now."""
    if not found:
        return "No definition."
    settled = sum(one.is_settled for one in found)
    count = "1 definition" if len(found) == 1 else f"{len(found):,} definitions"
    return "\n".join([f"{count}, {settled:,} agreed", *(_shown(one, roster) for one in found)])


def proof(found: Verified) -> str:
    """What came of working out every digest again."""
    definitions = f"{found.definitions:,} definition{'' if found.definitions == 1 else 's'}"
    count = f"{found.wordings:,} wording{'' if found.wordings == 1 else 's'} of {definitions}"
    lines = [f"{count}: {'all are' if not found.mismatches else 'not all are'} what their digests say."]
    if found.unproven:
        lines.append(
            f"{found.unproven:,} of them were kept before the store kept proof, and cannot be worked out again."
        )
    return "\n".join([*lines, *map(_mismatch, found.mismatches)])


def _mismatch(one: Mismatch) -> str:
    which = f"version {one.version}" if one.version else "never in force"
    return _harmless(f"{one.page}, {which}, {one.digest}: {WRONG[one.wrong]}")


def _shown(one: Listed, roster: Roster) -> str:
    stands = one.stands
    version = f"version {stands.force.version} since {stands.since[:10]}" if stands.force else "no version yet"
    due = f", due for a fresh look since {one.facts.review}" if stands.is_due else ""
    says = each("definition.says_of")
    teams = " · ".join(f"{_team(said.team, roster)} {says[said.says or 'nothing']}" for said in stands.teams)
    head = f"{each('state')[stands.state]}: {one.page.title} ({one.page.id}), {version}{due}"
    waits = listed([_team(team, roster) for team in one.waits_for]) if one.waits_for else ""
    lines = (head, f"    {teams}" if teams else "    concerns no team", f"    waits for {waits}" if waits else "")
    return "\n".join(_harmless(line) for line in lines if line)


def _team(team: str, roster: Roster) -> str:
    return roster.team(team).name


def _harmless(line: str) -> str:
    """A line as it may go to a terminal: what a page is called must not command it."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)
