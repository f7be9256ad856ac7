"""What is suggested may be anything: on a server of its own, for it fills every list."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from coming import Visit, coming, insisting
from looking import sticks_out
from playwright.sync_api import expect

HARMFUL = ".md-content :is(script, iframe, img, svg:not(.kb-icon), style, object, input[autofocus])"
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"


@pytest.mark.skipif(not CORPORA.is_dir(), reason="THE PUBLIC LISTS OF BAD INPUT ARE NOT HERE")
def test_nothing_on_the_public_lists_runs_leaves_or_breaks_a_page(visit: Visit, own_server: str) -> None:
    server, as_ = own_server, coming(visit, own_server, "suggestions/")
    strings = (CORPORA / "xss.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    strings += json.loads((CORPORA / "naughty-strings.json").read_text(encoding="utf-8"))
    strings = [re.sub(r"[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]", "", one) for one in strings if one.strip()]
    page = as_("lee")
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    headers = {"Origin": server.rstrip("/"), "KB-Part": "1"}

    def post(path: str, **form: str) -> str:
        sent = insisting(lambda: page.request.post(server + path, form=form, headers=headers))
        assert sent.status in {204, 422}, sent.text()
        return sent.headers.get("kb-at", "").lstrip("/").partition("#")[0]

    def ask_with(body: str, some: list[str]) -> str:
        form = {"body": body, "to_team": "marketing", "from_team": "sales"}
        at = post("suggestions/", **form, title=some[0][:110], page="lead-source") or post("suggestions/", **form)
        post(f"{at}labels/", labels=some[1][:25])
        return at

    # A text holds sixty of them, and a page twelve texts. The first two of each stand in the list as title and label.
    texts = [strings[at : at + 60] for at in range(0, len(strings), 60)]
    bodies = ["\n\n".join(some).encode()[:10_000].decode(errors="ignore") for some in texts]
    pages: list[str | None] = ["suggestions/?team=marketing", f"suggestions/?view=list&query={strings[0][:50]}"]
    for at in range(0, len(texts), 12):
        there = ask_with(bodies[at], texts[at])
        for number, some in enumerate(texts[at + 1 : at + 12], at):
            ask_with(f"For the list: {number}", some)
        post(there, act="ask", body=bodies[at + 1], version="1")
        for body in bodies[at + 2 : at + 12]:
            post(f"{there}remarks/", body=body)
        pages += [there, f"{there}edit/"]
    for path in [*pages, "suggestions/?view=list"]:
        while path:
            page.goto(server + path)
            assert sticks_out(page) == []
            expect(page.locator(HARMFUL)).to_have_count(0)
            more = page.get_by_role("link", name="More", exact=True)
            path = (more.get_attribute("href") or "").lstrip("/") if more.count() else None  # noqa: PLW2901
    page.goto(f"{server}suggestions/new/")
    page.get_by_label("Your suggestion").fill(strings[0])
    expect(page.locator("[data-kb-similar] li").first).to_be_visible()
    assert ran == []
