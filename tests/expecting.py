"""What should become of suggestions, worked out once more with plain dictionaries and none of the program's rules.

It stands by states where the program's table stands by acts, counts votes by walking about, and has working time of its
own: Monday to Friday, nine to five, UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

TEAMS = {
    "": set(),
    "sam": {"sales"},
    "nia": {"sales"},
    "mia": {"marketing"},
    "tom": {"marketing"},
    "lee": {"sales", "marketing"},
    "vera": {"success"},
    "otto": set(),
    "ada": set(),
}
LIAISONS = {"sales": "lee", "marketing": "lee", "success": "vera"}
ADMIN = "ada"
TIME = 16 * 3600

NEXT: dict[str, dict[str, tuple[str, str]]] = {
    "waiting": {
        "plan": ("answering", "planned"),
        "decline": ("answering", "notnow"),
        "ask": ("answering", "more"),
        "join": ("answering", "asked"),
        "finish": ("answering", "done"),
        "back": ("author", "back"),
    },
    "more": {
        "plan": ("answering", "planned"),
        "decline": ("answering", "notnow"),
        "join": ("answering", "asked"),
        "finish": ("answering", "done"),
        "back": ("author", "back"),
        "tell": ("asking", "waiting"),
    },
    "planned": {
        "plan": ("answering", "planned"),
        "decline": ("answering", "notnow"),
        "join": ("answering", "asked"),
        "finish": ("answering", "done"),
        "back": ("author", "back"),
    },
    "done": {"reopen": ("either", "waiting")},
    "notnow": {"plan": ("answering", "planned"), "join": ("answering", "asked"), "reopen": ("either", "waiting")},
    "asked": {"part": ("answering or author", "?")},
    "back": {"reopen": ("author", "waiting")},
}
ACTS = sorted({act for acts in NEXT.values() for act in acts})
VERBS = {
    "plan": "planned",
    "decline": "declined",
    "ask": "asked_more",
    "join": "joined",
    "part": "parted",
    "tell": "told_more",
    "finish": "finished",
    "reopen": "reopened",
    "back": "taken_back",
}
ANSWERS = {"plan", "decline", "finish", "join"}
WORDED = {"decline", "ask", "tell", "reopen"}

One = dict[str, Any]


class No(Exception):  # noqa: N818  -- it is what is expected
    """What should be in the way."""


def spans(moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working time from a moment on, day by day."""
    day = moment.date()
    while True:
        if day.isoweekday() < 6:
            yield max(datetime.combine(day, time(9), UTC), moment), datetime.combine(day, time(17), UTC)
        day += timedelta(1)


def worked(start: datetime, end: datetime) -> int:
    total = 0
    for first, last in spans(start):
        if first >= end:
            return total
        total += max(int((min(last, end) - first).total_seconds()), 0)
    raise AssertionError


def until(start: datetime, seconds: int) -> datetime:
    for first, last in spans(start):
        there = max(int((last - first).total_seconds()), 0)
        if there and seconds <= there:
            return first + timedelta(seconds=seconds)
        seconds -= there
    raise AssertionError


@dataclass
class Expected:
    """Everything as it should be. What cannot be done raises `No` and changes nothing."""

    now: datetime
    ones: dict[int, One] = field(default_factory=dict)
    log: list[One] = field(default_factory=list)
    remarks: list[One] = field(default_factory=list)

    # ── Who ───────────────────────────────────────────────────────────────

    def is_one(self, who: str, role: str, one: One) -> bool:
        """Whether somebody is this to a suggestion."""
        answering = one["to"] in TEAMS[who] or LIAISONS[one["to"]] == who or who == ADMIN
        asking = one["author"] == who or one["from"] in TEAMS[who]
        return {
            "answering": answering,
            "asking": asking,
            "author": one["author"] == who,
            "either": answering or asking,
            "answering or author": answering or one["author"] == who,
            "hiding": who == ADMIN or who in {LIAISONS.get(one["to"]), LIAISONS.get(one["from"], "nobody")},
            "labelling": who == ADMIN or LIAISONS[one["to"]] == who,
        }[role]

    def open_acts(self, who: str, one: One) -> set[str]:
        """What somebody should be offered."""
        if one["hidden"]:
            return set()
        return {act for act, (role, _) in NEXT[one["state"]].items() if self.is_one(who, role, one)}

    # ── What ──────────────────────────────────────────────────────────────

    def ask(self, who: str, to: str, of: str, body: str) -> int:
        self._need(who, "forbidden")
        self._need(to in LIAISONS and (not of or of in TEAMS[who]) and body, "invalid")
        number = len(self.ones) + 1
        one: One = {
            "number": number,
            "author": who,
            "from": of,
            "to": to,
            "title": body,
            "body": body,
            "state": "waiting",
        }
        one |= {"owner": "", "by_when": "", "left": 0, "answered": None, "in_time": "", "into": 0, "before": ""}
        one |= {
            "votes": set(),
            "passed": "",
            "hidden": False,
            "version": 1,
            "labels": (),
            "past": [],
            "since": self.now,
        }
        self.ones[number] = one
        self._begin(one)
        self._tell("asked", who, one)
        return number

    def act(self, who: str, number: int, act: str, given: One) -> None:
        one = self._seen(number)
        into = self._allowed(who, one, act, given)
        was, parted = one["state"], one["into"]
        to = NEXT[was][act][1] if act != "part" else one["before"]
        if act in ANSWERS and not one["answered"]:
            is_late = self.now > one["due"] if was == "waiting" else one["left"] <= 0
            one |= {"answered": self.now, "in_time": "no" if is_late else "yes"}
        if was == "waiting":
            one |= {"left": worked(self.now, one["due"]), "due": None}
        one |= {"state": to, "since": self.now, "version": one["version"] + 1}
        one |= {
            "plan": {"owner": given["owner"], "by_when": given["by_when"]},
            "join": {"into": into, "before": was},
            "part": {"into": 0, "before": ""},
        }.get(act, {"owner": "", "by_when": ""} if act in {"decline", "reopen", "back"} else {})
        if act in {"part", "tell", "reopen"} and to in {"waiting", "more"}:
            one |= {"answered": None, "in_time": ""}
        if to == "waiting":
            self._start(one, one["left"])
        if act == "reopen":
            self._begin(one)
        said = self._say(who, number, given["words"], act) if given["words"] else None
        more: One = {"in_time": one["in_time"]} if act in ANSWERS else {}
        more |= {"owner": one["owner"], "by_when": one["by_when"]} if act == "plan" else {}
        more |= {"into": into or parted} if act in {"join", "part"} else {}
        self._tell(VERBS[act], who, one, said, **more)

    def _allowed(self, who: str, one: One, act: str, given: One) -> int:
        """Stop whatever cannot be; gives what it joins."""
        self._need(act in ACTS, "invalid")
        here = NEXT[one["state"]].get(act)
        roles = [here[0]] if here else [acts[act][0] for acts in NEXT.values() if act in acts]
        self._need(any(self.is_one(who, role, one) for role in roles), "forbidden")
        self._need(given["version"] == one["version"], "stale")
        self._need(here, "conflict")
        self._need(given["words"] or act not in WORDED, "invalid")
        self._need(act != "plan" or (given["owner"] in {*TEAMS} - {""} and given["by_when"]), "invalid")
        return self._root(one["number"], given["into"]) if act == "join" else 0

    def vote(self, who: str, number: int, *, does: bool) -> None:
        one = self._seen(number)
        self._need(who, "forbidden")
        self._need(one["author"] != who, "invalid")
        self._need(one["state"] != "back", "conflict")
        if does and who not in one["votes"]:
            one["votes"].add(who)
            self._tell("voted", who, one)
        if not does and any(who in self.ones[each]["votes"] for each in self.below(number)):
            for each in self.below(number):
                self.ones[each]["votes"].discard(who)
            self._tell("unvoted", who, one)

    def edit(self, who: str, number: int, body: str, version: int) -> None:
        one = self._seen(number)
        self._need(one["author"] == who, "forbidden")
        self._need(body, "invalid")
        if one["body"] == body:
            return
        self._need(one["version"] == version, "stale")
        one["past"].append((one["version"], one["title"], one["body"]))
        one |= {"title": body, "body": body, "version": version + 1}
        self._tell("edited", who, one)

    def address(self, who: str, number: int, to: str, version: int) -> None:
        one = self._seen(number)
        self._need(self.is_one(who, "answering", one), "forbidden")
        self._need(one["version"] == version, "stale")
        self._need(one["state"] in {"waiting", "more"}, "conflict")
        self._need(to in LIAISONS, "invalid")
        if to == one["to"]:
            return
        was = one["to"]
        one |= {"to": to, "state": "waiting", "since": self.now, "version": version + 1}
        self._begin(one)
        self._tell("addressed", who, one, was=was)

    def label(self, who: str, number: int, labels: list[str]) -> None:
        one = self._seen(number)
        self._need(self.is_one(who, "labelling", one), "forbidden")
        self._need("<" not in "".join(labels), "invalid")
        wanted = tuple(sorted({name.lower() for name in labels}))
        if wanted != one["labels"]:
            one["labels"] = wanted
            self._tell("labelled", who, one)

    def hide(self, who: str, number: int, *, hidden: bool) -> None:
        self._need(number in self.ones, "notfound")
        one = self.ones[number]
        self._need(self.is_one(who, "hiding", one), "forbidden")
        if one["hidden"] != hidden:
            one["hidden"] = hidden
            self._tell("hidden" if hidden else "shown", who, one)

    def remark(self, who: str, number: int, body: str) -> None:
        one = self._seen(number)
        self._need(who, "forbidden")
        self._need(body, "invalid")
        self._tell("remarked", who, one, self._say(who, number, body, ""))

    def edit_remark(self, who: str, which: int, body: str, version: int) -> None:
        said = self.remarks[which]
        one = self._seen(said["number"])
        self._need(said["author"] == who, "forbidden")
        self._need(said["state"] == "shown", "conflict")
        self._need(body, "invalid")
        if said["body"] == body:
            return
        self._need(said["version"] == version, "stale")
        said["past"].append((said["version"], said["body"]))
        said |= {"body": body, "version": version + 1}
        self._tell("remark_edited", who, one, which)

    def delete_remark(self, who: str, which: int) -> None:
        said = self.remarks[which]
        one = self._seen(said["number"])
        self._need(said["author"] == who, "forbidden")
        if said["state"] == "deleted":
            return
        self._need(not said["act"], "conflict")
        said |= {"state": "deleted", "body": "", "past": []}
        self._tell("remark_deleted", who, one, which)

    def hide_remark(self, who: str, which: int, *, hidden: bool) -> None:
        said = self.remarks[which]
        one = self._seen(said["number"])
        self._need(self.is_one(who, "hiding", one), "forbidden")
        if said["state"] == ("shown" if hidden else "hidden"):
            said["state"] = "hidden" if hidden else "shown"
            self._tell("hidden" if hidden else "shown", who, one, which)

    # ── What follows of it ────────────────────────────────────────────────

    def below(self, number: int) -> set[int]:
        """A suggestion and all that joined it, by whatever way."""
        return {each for each in self.ones if number in self._way(each)}

    def voters(self, number: int) -> set[str]:
        """Who should be counted for a suggestion."""
        joined = self.below(number)
        agreed = {who for each in joined for who in self.ones[each]["votes"]}
        asked = {self.ones[each]["author"] for each in joined - {number}}
        return (agreed | asked) - {self.ones[number]["author"]}

    def agrees(self, who: str, number: int) -> bool:
        """Whether somebody should be shown as one who agrees."""
        return any(who in self.ones[each]["votes"] for each in self.below(number))

    def _way(self, number: int) -> list[int]:
        way = [number]
        while self.ones[way[-1]]["into"]:
            way.append(self.ones[way[-1]]["into"])
            assert len(way) <= len(self.ones), "it goes round in circles"
        return way

    def _root(self, number: int, into: int) -> int:
        self._need(into in self.ones, "invalid")
        way = self._way(into)
        self._need(not any(self.ones[each]["hidden"] for each in way), "invalid")
        self._need(self.ones[way[-1]]["state"] != "back" and way[-1] != number, "invalid")
        return way[-1]

    def _seen(self, number: int) -> One:
        self._need(number in self.ones and not self.ones[number]["hidden"], "notfound")
        return self.ones[number]

    def _begin(self, one: One) -> None:
        one["passed"] = ""
        self._start(one, TIME)

    def _start(self, one: One, seconds: int) -> None:
        one |= {"due": until(self.now, seconds) if seconds else self.now, "left": seconds}

    def _say(self, who: str, number: int, body: str, act: str) -> int:
        new = {"number": number, "author": who, "body": body, "act": act, "state": "shown", "version": 1, "past": []}
        self.remarks.append(new)
        return len(self.remarks) - 1

    def _tell(self, verb: str, who: str, one: One, remark: int | None = None, **more: object) -> None:
        line = {"verb": verb, "who": who, "subject": f"S-{one['number']}", "state": one["state"], "to": one["to"]}
        self.log.append(line | {"from": one["from"], "remark": remark, "at": self.now} | more)

    @staticmethod
    def _need(holds: object, otherwise: str) -> None:
        if not holds:
            raise No(otherwise)
