"""The definitions of the sample activity: which are agreed, which has a new wording, which is seen differently.

They are about the sample wiki's own pages. An older wording is the text of now with some words put back; whoever
changes those words on the page changes them here too, and a test says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Older:
    """A wording that was in force before: `was` stood where `now` stands. The newer one came `days` working days ago.

    ``by`` brought the newer one in, and said ``why``; ``again`` are the teams that have agreed to it since.
    """

    page: str
    now: str
    was: str
    by: str
    why: str
    days: int
    again: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """What a team would rather have, said so many working days ago."""

    page: str
    team: str
    own: str
    reason: str
    days: int


@dataclass(frozen=True, slots=True)
class Sorts:
    """Which of the sample leads a team calls ready, and why, where it says so."""

    team: str
    ready: str
    why: Mapping[str, str]


OLDER = (
    Older(
        "ideal-customer-profile",
        now="at least 20 jobs open",
        was="at least 10 jobs open",
        by="mia",
        why="Of the customers who left, two out of three had fewer than 20 open jobs. Customer Success asked for it.",
        days=45,
        again=("sales", "marketing", "success"),
    ),
    Older(
        "marketing-qualified-lead",
        now="attended a webinar live",
        was="registered for a webinar",
        by="lee",
        why="Two of three who register never come, and the calls afterwards went nowhere.",
        days=2,
        again=("marketing",),
    ),
)
APART = (
    Apart(
        "sales-ready-prospect",
        "sales",
        "A prospect who has told us a budget and the date by which they decide, and who has a say in the purchase.",
        "Without a budget and a date we write offers that nobody reads.",
        22,
    ),
    Apart(
        "sales-ready-prospect",
        "marketing",
        "A prospect who fits our profile, came back to us twice in 30 days, and who has a say in the purchase.",
        "Hardly anybody names a budget before they have seen a price.",
        20,
    ),
)
SORTED = (
    Sorts("sales", "ADEFG", {"C": "No budget", "F": "Budget and date", "J": "No date"}),
    Sorts("marketing", "ACDEGJ", {"C": "Came back twice", "F": "One contact only", "J": "Two webinars"}),
)
LEADS = {f"lead-{name.lower()}-sample": name for name in "ABCDEFGHIJ"}
"""The sample leads of that definition, by their ids."""
OPEN = ("recycled-lead",)
"""What no team has answered yet."""
FIRST = 160
"""Working days ago the first of the others was agreed; each following one a day later."""
