"""What the page of results shows, ready for its template: addresses, names and marks."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from kb_server.documents.models import SUGGESTION
from kb_server.search.models import MARK, TURNED, UNMARK, Card, Hit, Link, Results
from kb_server.search.narrowing import name_of_many, name_of_one
from kb_server.words import each, t

PER_PAGE = 10
Teams = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The page's own address, taken apart."""

    base: str
    query: str
    kind: str = ""
    team: str = ""
    place: str = ""
    exact: bool = False
    page: int = 1

    def url(self, **other: object) -> str:
        """The address of this page with something changed. Anything but turning pages begins at the first."""
        wanted = {
            "query": self.query,
            "kind": self.kind,
            "team": self.team,
            "in": self.place,
            "exact": int(self.exact),
            **other,
        }
        return f"{self.base}search/?{urlencode({name: value for name, value in wanted.items() if value})}"


def view(results: Results, asked: Asked, teams: Teams) -> dict[str, Any]:
    """The fields of the template ``search/results.html``."""
    answered = results.card.page_id if results.card else None  # the card stands for its page, not for what is asked
    return {
        "query": results.query,
        "bare": results.bare,
        "corrected": results.corrected,
        "total": results.total,
        "took_ms": results.took_ms,
        "complete": results.complete,
        "groups": [
            _group(hit, asked, teams) for hit in results.hits if hit.page_id != answered or hit.kind == SUGGESTION
        ],
        "facets": {"kind": _kinds(results, asked), "team": _teams(results, asked, teams)},
        "card": _card(results.card, asked, teams) if results.card else None,
        "pages": _pages(results, asked),
        "exact_url": asked.url(exact=1),
        "plain_url": asked.url(query=results.bare, kind="", team="", **{"in": ""}),
        "close_to": _links(results.close_to, asked),
    }


def highlighted(text: str) -> Markup:
    """A marked text as HTML."""
    return Markup(str(escape(text)).replace(MARK, "<mark>").replace(UNMARK, "</mark>"))  # noqa: S704  -- escaped above


def _group(hit: Hit, asked: Asked, teams: Teams) -> dict[str, Any]:
    title = hit.title.replace(MARK, "").replace(UNMARK, "")
    return {
        "title": title if title == hit.page_title else f"{hit.page_title} \u203a {title}",
        "url": asked.base + hit.url,
        "kind": hit.kind,
        "kind_name": name_of_one(hit.kind),
        "teams": [_team(team, teams) for team in hit.teams],
        "excerpt": highlighted(hit.excerpt),
        "also": _links(hit.also, asked),
    }


def _kinds(results: Results, asked: Asked) -> list[dict[str, Any]]:
    counts, chosen = results.facets.kind, results.filters.kinds
    shown = [kind for kind in _in_order(each("kind", count=2), counts, chosen) if counts.get(kind) or kind in chosen]
    choices = [("", t("search.everything"), sum(counts.values()))]
    choices += [(kind, name_of_many(kind), counts.get(kind, 0)) for kind in shown]
    return _facet("kind", choices, results, asked, chosen) if shown else []


def _teams(results: Results, asked: Asked, teams: Teams) -> list[dict[str, Any]]:
    counts, chosen = results.facets.team, results.filters.teams
    shown = [team for team in _in_order(teams, counts, chosen) if counts.get(team) or team in chosen]
    choices = [("", t("search.teams"), results.total)] if chosen else []
    choices += [(team, _team(team, teams)["name"], counts.get(team, 0)) for team in shown]
    return _facet("team", choices, results, asked, chosen)


def _in_order(known: Iterable[str], counted: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """What is known in its own order, then whatever else was counted or chosen."""
    return [name for name in dict.fromkeys([*known, *sorted(counted), *chosen]) if name]


def _facet(
    name: str, choices: Iterable[tuple[str, str, int]], results: Results, asked: Asked, chosen: Container[str]
) -> list[dict[str, Any]]:
    """What one may narrow by, with the way there; a filter that was typed gives way to the one chosen."""
    query = results.without[name]
    return [
        {
            "value": value,
            "name": shown,
            "count": count,
            "url": asked.url(**{"query": query, name: value}),
            "current": value in chosen if value else not chosen,
        }
        for value, shown, count in choices
    ]


def _team(team: str, teams: Teams) -> dict[str, str]:
    entry = teams.get(team, {})
    return {"name": str(entry.get("name", team)), "hue": str(entry.get("hue", "slate"))}


def _card(card: Card, asked: Asked, teams: Teams) -> dict[str, Any]:
    return {
        "title": card.title,
        "url": asked.base + card.url,
        "text": card.text,
        "state": card.state,
        "state_name": each("state")[card.state],
        "fact": card.fact,
        "aliases": list(card.aliases),
        "criteria": card.criteria,
        "examples": card.examples,
        "used_on": card.used_on,
        "teams": [_team(team, teams) for team in card.teams],
    }


def _links(links: Iterable[Link], asked: Asked) -> list[dict[str, str]]:
    return [{"title": link.title, "url": asked.base + link.url} for link in links]


def _pages(results: Results, asked: Asked) -> dict[str, Any]:
    count = -(-results.pages // PER_PAGE)
    return {
        "number": asked.page,
        "count": count,
        "total": results.pages,
        "whole": results.total <= TURNED,
        "previous": asked.url(page=asked.page - 1) if asked.page > 1 else "",
        "next": asked.url(page=asked.page + 1) if asked.page < count else "",
    }
