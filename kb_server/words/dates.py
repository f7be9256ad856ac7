"""Days as people write them, the same on whatever day they are shown."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "date.day": "{day} {month} {year}",
    "month.1": "January",
    "month.2": "February",
    "month.3": "March",
    "month.4": "April",
    "month.5": "May",
    "month.6": "June",
    "month.7": "July",
    "month.8": "August",
    "month.9": "September",
    "month.10": "October",
    "month.11": "November",
    "month.12": "December",
}
