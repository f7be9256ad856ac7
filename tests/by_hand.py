"""Pages and builds made by hand, for tests that need no MkDocs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kb_server.builds.sealing import seal
from kb_server.pages import layout
from kb_server.pages import manifest as manifests
from kb_server.pages.manifest import Manifest, Page, Section

POLICY = "default-src 'none'; script-src 'self'"
SHELL = """<!doctype html><title>{% block title %}{% endblock %}</title><link rel=stylesheet href="{{ kb_base }}kb.css">
<main>{% block content %}{% endblock %}</main>"""


def _team(name: str, hue: str, head: str, liaison: str) -> dict[str, Any]:
    return {"name": name, "hue": hue, "head": head, "speakers": [head], "liaisons": [liaison]}


def _person(name: str, *teams: str) -> dict[str, Any]:
    return {"name": name, "email": f"{name.lower()}@example.com", "sign_in": "", "teams": list(teams)}


ROSTER: dict[str, Any] = {
    "teams": {
        "sales": _team("Sales", "blue", "sam", "lee"),
        "marketing": _team("Marketing", "plum", "mia", "lee"),
        "success": _team("Customer Success", "ochre", "vera", "vera"),
    },
    "people": {
        "sam": _person("Sam", "sales"),
        "mia": _person("Mia", "marketing"),
        "lee": _person("Lee", "sales", "marketing"),
        "vera": _person("Vera", "success"),
        "ada": _person("Ada"),
        "otto": _person("Otto"),
    },
    "admins": ["ada"],
}
"""Three teams; Lee is in two and their liaison, Ada runs the wiki, Otto is in none."""


def page(page_id: str, text: str = "", *, title: str = "", url: str | None = None, kind: str = "page") -> Page:
    """A page with one section."""
    return Page(
        id=page_id,
        kind=kind,
        url=f"{page_id}/" if url is None else url,
        title=title or page_id,
        source_path=f"{page_id}.md",
        sections=(Section("", title or page_id, 1, text, text, (1, 1), "1:0"),),
    )


def make_build(builds: Path, *pages: Page, **files: str) -> str:
    """Seal a build of a few pages in the folder `builds`; gives its id."""
    aside = builds / ".new-by-hand"
    (aside / layout.SHELLS).mkdir(parents=True)
    for page in pages:
        _write(aside / page.url / "index.html", f"<!doctype html><h1>{page.title}</h1>")
    for name, text in files.items():
        _write(aside / name.replace("__", "."), text)
    for shell in {"message", "search", *(page.shell for page in pages if page.shell)}:
        (aside / layout.SHELLS / f"{shell}.html").write_text(SHELL)
    (aside / layout.POLICY).write_text(POLICY)
    (aside / layout.ROSTER).write_text(json.dumps(ROSTER))
    manifests.write(Manifest("A wiki", "en", pages=pages), aside / layout.MANIFEST)
    build_id = seal(aside)
    aside.rename(builds / build_id)
    return build_id


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
