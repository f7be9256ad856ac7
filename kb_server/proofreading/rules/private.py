# ruff: noqa: RUF001  -- typographic apostrophes stand in names
"""Field notes say what was heard, never from whom. What git has once it has for good, so this is said before.

These are guesses by the look of a text: each says what it saw and where, and a person decides. An address of mail, a
number of a telephone and one of an account are told as errors; names, companies and streets as warnings. People of
`teams.yml` are ours and may be named; so may addresses and numbers that are kept for examples.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources

from kb_server.proofreading.models import Finding, Level, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.wiki import Wiki

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?P<host>(?:[\w-]{1,63}\.){1,5}[a-z]{2,24})\b", re.IGNORECASE)
_EXAMPLE = re.compile(r"(?:^|\.)(?:example\.(?:com|org|net)|example|invalid|test|localhost)$", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.,/+:#=-])(?:(?:\+|00|\(?0)\d[\d ()/.-]{6,18}\d|(?:\(\d{3}\)[ ]?|\d{3}[.-])\d{3}[.-]\d{4})(?![\w-]|[.,]\d)"
)
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_STREET = re.compile(
    r"\b[A-ZÄÖÜ][\w.’'-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm)[ ]\d{1,4}[a-z]?\b"
    r"|\b[A-ZÄÖÜ]\w+[ ](?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse)[ ]\d{1,4}[a-z]?\b"
    r"|\b\d{1,5}[ ](?:[A-Z]\w+[ ]){1,3}(?:Street|St\.|Road|Rd\.|Avenue|Ave\.|Lane|Drive|Boulevard|Blvd\.)(?=\W)"
    r"|\b(?:[Rr]ue|[Vv]ia|[Cc]alle)[ ](?:d\w{1,4}[ ])?(?:[A-ZÉ][\w’']+[ ]){1,4}\d{1,4}\b"
)
_COMPANY = re.compile(
    r"\b[A-ZÄÖÜ][\w&.’'-]*(?:[ ](?:&[ ])?[A-ZÄÖÜ][\w&.’'-]*){0,3},?[ ]"
    r"(?:GmbH|AG|KG|SE|OHG|Ltd|LLC|Inc|PLC|S\.A\.|B\.V\.)(?!\w)"
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Herrn)\.?[ ](?:Dr\.[ ])?[A-ZÄÖÜ][\w’'-]+")
_FULL_NAME = re.compile(
    r"\b(?P<given>[A-ZÄÖÜÉ][a-zäöüéèß]+)(?:-[A-Z][a-zé]+)?[ ]"
    r"(?:(?:van|von|de|der|den|la|le|di)[ ]){0,2}(?P<family>[A-ZÄÖÜÉ][\w’'-]+)"
)


def _private(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    ours = _our_names(wiki)
    for page in pages:
        if page.kind != "note":
            continue
        for what, level, pattern, counts in _LOOKED_FOR:
            for found in pattern.finditer(page.bare):
                if counts(found) and not _is_ours(found[0], ours):
                    yield page.found("personal", level, found.start(), f"'{found[0]}' looks like {what}", _HINT)


_HINT = "A field note names nobody: take it out, or put an invented one in its place."


def _is_ours(text: str, ours: frozenset[str]) -> bool:
    if "@" in text and text.casefold().partition("@")[2] in ours:
        return True
    words = re.findall(r"[^\W_]+", text.casefold())
    return " ".join(words) in ours or bool(words[1:] and {words[0], words[-1]} <= ours)


def _our_names(wiki: Wiki) -> frozenset[str]:
    """Names of our people and of our company, whole and in parts, and where our mail comes from."""
    names = [wiki.teams.company, *(one.name for one in wiki.teams.people.values())] if wiki.teams else []
    hosts = [one.email.casefold().partition("@")[2] for one in wiki.teams.people.values()] if wiki.teams else []
    whole = [re.findall(r"[^\W_]+", name.casefold()) for name in [*names, wiki.configuration.names]]
    return frozenset([*filter(None, hosts), *(part for words in whole for part in (" ".join(words), *words) if part)])


def _is_of_somebody(found: re.Match[str]) -> bool:
    return not _EXAMPLE.search(found["host"])


def _is_number(found: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", found[0])
    is_real = len(set(digits)) > 3 and "555" not in digits  # noqa: PLR2004  -- 0000 0000 is nobody's
    return is_real and 8 <= len(digits) <= 15 and not _DATE.match(found[0])  # noqa: PLR2004  -- ITU E.164


def _is_given(found: re.Match[str]) -> bool:
    return found["given"].casefold() in given_names() and found["family"].casefold() not in _NO_FAMILY


def _always(_found: re.Match[str]) -> bool:
    return True


_NO_FAMILY = frozenset("and or is was said asked has will at from in on the monday friday january march".split())  # noqa: SIM905

_LOOKED_FOR: tuple[tuple[str, Level, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    ("somebody's mail address", "error", _MAIL, _is_of_somebody),
    ("a telephone number", "error", _PHONE, _is_number),
    ("the number of an account", "error", _ACCOUNT, _always),
    ("an address", "warning", _STREET, _always),
    ("the name of a company", "warning", _COMPANY, _always),
    ("somebody's name", "warning", _TITLED, _always),
    ("somebody's name", "warning", _FULL_NAME, _is_given),
)


@cache
def given_names() -> frozenset[str]:
    """Common given names of several languages, without those that are words, too (Will, Mark, May)."""
    listed = resources.files("kb_server.proofreading").joinpath("given_names.txt").read_text(encoding="utf-8")
    return frozenset(name for line in listed.splitlines() if not line.startswith("#") for name in line.split())


RULES = (
    Rule(
        "personal",
        "error or warning",
        "in a field note: what looks like a mail address, a telephone or account number (errors), a name, a company or "
        "a street (warnings)",
    ),
)
LOOKS = (_private,)
