"""What `kb doctor`, `kb backup`, `kb restore`, `kb copy-database`, `kb index` and `kb tick` print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from click import style

from kb_server.documents.plural import all_counted, counted
from kb_server.upkeep.checks.versions import installed
from kb_server.upkeep.doctor import worst
from kb_server.upkeep.indexing import Audit
from kb_server.upkeep.models import Check, State
from kb_server.upkeep.restoring import Restored
from kb_server.upkeep.transfer import Transferred
from kb_server.writing.ticking import Passed

COLOURS = {State.OK: "green", State.ATTENTION: "yellow", State.BROKEN: "red"}


def report(checks: Sequence[Check]) -> str:
    """The findings, and the whole in one sentence at the end, where the eye is."""
    lines = []
    for check in checks:
        lines.append(f"{style(f'{check.state:10}', fg=COLOURS[check.state])} {check.name:13} {check.finding}")
        if check.remedy:
            lines.append(f"{'':24} -> {check.remedy}")
    return "\n".join([*lines, "", _whole(checks)])


def as_json(checks: Sequence[Check]) -> str:
    """The same for a program."""
    whole = {"state": worst(checks), "versions": installed(), "checks": [asdict(check) for check in checks]}
    return json.dumps(whole, indent=2)


def passed(done: Sequence[Passed]) -> str:
    """Each thing that was passed on, in a line."""
    said = [f"{one.kind} {one.id}: {one.team} owed an answer by {one.due}, passed to the {one.to}" for one in done]
    return "\n".join(said) or "Nothing became late."


def passed_as_json(done: Sequence[Passed]) -> str:
    """The same for a program."""
    return json.dumps([asdict(one) for one in done], indent=2)


def backed_up(path: Path) -> str:
    """Where the backup is and how large."""
    return f"{path} ({path.stat().st_size / 1_000_000:.1f} MB, checked)"


def restored(done: Restored, advice: str) -> str:
    """What restoring did, and what is left to do."""
    lines = [f"Restored {done.file}."]
    if done.before and done.damaged:
        lines.append(f"What was there before is damaged; it is kept as {done.before}.")
    elif done.before:
        lines.append(f"What was there before is {done.before}.")
    return "\n".join([*lines, *([advice] if advice else [])])


def transferred(done: Transferred) -> str:
    """What was copied, and what to do for it to be used."""
    held = sorted(done.held, key=lambda one: one.table)
    lines = [f"{one.rows:10,}  {one.table:18} {one.digest[:16]}" for one in held]
    total = (
        f"{sum(one.rows for one in held):,} rows are in {done.address}, each as it was. Nothing was taken away here."
    )
    return "\n".join([*lines, total, "Set KB_DATABASE_URL to that address, and start the server."])


def index(found: Audit, renewed: int | None) -> str:
    """How the index stands, after it was made anew if it was (`renewed` is not None)."""
    lines = [] if renewed is None else ["The index was made anew."]
    lines += all_counted({"{} [text|texts] had the words of another version of the program.": renewed or 0})
    if found.altered:
        altered = counted("{} [text is|texts are] not what was written.", found.altered)
        return f"{altered} Run `kb doctor`: it names the last good backup."
    if found.findings:
        remedy = "Run `kb index --rebuild`." if renewed is None else "Run `kb doctor`: it may be the database itself."
        return "\n".join([*lines, *found.findings, remedy])
    return "\n".join([*lines, counted("[The one text there is|All {} texts] can be found.", found.shown)])


def _whole(checks: Sequence[Check]) -> str:
    counts = {state: sum(check.state is state for check in checks) for state in State}
    if counts[State.BROKEN]:
        return style(_things(counts[State.BROKEN], "is broken.", "are broken."), fg="red")
    if counts[State.ATTENTION]:
        return _things(
            counts[State.ATTENTION], "needs attention; the rest is well.", "need attention; the rest is well."
        )
    return style("All well.", fg="green")


def _things(count: int, one: str, many: str) -> str:
    return f"One thing {one}" if count == 1 else f"{count} things {many}"
