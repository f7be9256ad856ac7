"""What became of every address the wiki ever had: worked out from git, read by the plugin and the server.

A fragment never reaches a server, so an address has the fragments that were ever below it with it: whoever answers for
the address can send each of them on, or say that it is gone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = 1
_COMMIT = re.compile(r"[0-9a-f]*")


class HistoryError(ValueError):
    """The history cannot be used: the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where something is now: a page by its id, and in it a section by its anchor, "" for the page as a whole."""

    page: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """How a page ended: its last title, the day (ISO 8601) and the words of the commit, and what replaces it."""

    title: str
    on: str
    why: str
    commit: str = ""
    page: str = ""
    """The page's id, where its front matter had one."""
    instead: tuple[Target, ...] = ()
    path: str = ""
    """Where its file was in the repository."""


@dataclass(frozen=True, slots=True)
class Address:
    """What became of one address: ``now`` is where its page is, or None and ``removed`` says how it ended.

    ``sections`` has each anchor that was ever below it and does not by itself lead to its text below ``now``, because
    it is not there today, or is another section's: with the section that has the text now, or None where that is gone.
    ``others`` are anchors of which nobody can know where they lead: because different sections had them at different
    times (`example_1`, or a heading used again), or because too little of the section is where it went. So besides
    where they lead now, these are the other sections it may be. With none of these the other one is gone, or there is
    none.
    """

    now: Target | None
    sections: dict[str, Target | None] = field(default_factory=dict)
    removed: Removed | None = None
    others: dict[str, tuple[Target, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """Every address by its path relative to the site's root ("" is home), those of today's pages included.

    ``complete`` is False where git does not have it all (a shallow clone, no git); ``since`` is then the day from which
    on it is known, "" if nothing is. ``ids`` are those that pages had in their front matter and none has today, each
    with the last address of its page.
    """

    commit: str = ""
    complete: bool = True
    since: str = ""
    schema: int = SCHEMA
    addresses: dict[str, Address] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


def dumps(history: History) -> str:
    """The history as JSON text; the same history always gives the same bytes."""
    return json.dumps(history, default=_fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def read(path: Path) -> History:
    """The history at `path`. Raises HistoryError when it is missing, damaged, or of a schema we cannot read."""
    try:
        return from_data(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise HistoryError(f"{path.name} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise HistoryError(f"{path.name} is not whole: {error}.") from error


def from_data(data: Any) -> History:  # noqa: ANN401  -- whatever JSON gave us
    """The history in parsed JSON. Raises HistoryError."""
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise HistoryError(f"it has schema {schema!r}; this version of kb reads schema {SCHEMA}")
    try:
        addresses = {_text(url): _address(address) for url, address in data.pop("addresses").items()}
        ids = {_text(one): _text(url) for one, url in data.pop("ids", {}).items()}
        known = History(**data, addresses=addresses, ids=ids)
        _day(known.since)
        _commit(known.commit)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise HistoryError(f"it does not have the shape of schema {schema}: {error}") from error
    return known


def _fields(part: Any) -> dict[str, Any]:  # noqa: ANN401  -- whatever JSON does not know: one of the above
    return {name: getattr(part, name) for name in part.__slots__}


def _address(data: dict[str, Any]) -> Address:
    return Address(
        _target(data["now"]),
        {_text(anchor): _target(target) for anchor, target in data["sections"].items()},
        _removed(**data["removed"]) if data["removed"] else None,
        {_text(anchor): _targets(targets) for anchor, targets in data.get("others", {}).items()},
    )


def _removed(*, on: Any, instead: Any, **texts: Any) -> Removed:  # noqa: ANN401
    return Removed(on=_day(on), instead=_targets(instead), **{name: _text(said) for name, said in texts.items()})


def _targets(data: list[dict[str, str]]) -> tuple[Target, ...]:
    return tuple(filter(None, map(_target, data)))


def _target(data: dict[str, str] | None) -> Target | None:
    return Target(**{name: _text(said) for name, said in data.items()}) if data else None


def _commit(said: Any) -> None:  # noqa: ANN401
    """See that it is the name of a commit: git will be asked for it. Raises TypeError or ValueError."""
    if not _COMMIT.fullmatch(_text(said)):
        raise ValueError("its commit is none")


def _day(said: Any) -> str:  # noqa: ANN401
    """A day, or "" where it is not known. Raises TypeError or ValueError."""
    if said:
        date.fromisoformat(_text(said))
    return _text(said)


def _text(said: Any) -> str:  # noqa: ANN401
    """A text without halves of characters, which could not be sent. Raises TypeError or ValueError."""
    if not isinstance(said, str):
        raise TypeError(f"there is something else where a text should be: {type(said).__name__}")
    said.encode()
    return said
