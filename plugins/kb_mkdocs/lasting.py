"""Links that last, on the page itself: one to copy at every heading, and a place for every fragment that once led here.

A fragment never reaches a server. So a page answers by itself for each that was ever below it: one whose section has
another name now lies at that section; one whose section is elsewhere or gone leads to a note that says so, which shows
only to whoever followed such a link. It needs no script; one goes on by itself where there is somewhere to go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from mkdocs.utils import get_relative_url

from kb_server.pages.leading import permanent_address
from kb_server.words import listed, t

from .blocks import blocks
from .icons import icon
from .text import plain, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb_server.pages.history import Target
    from kb_server.pages.leading import Leads
    from kb_server.pages.manifest import Page

    from .blocks import Block

_HEADING = re.compile(r"""(?P<start>\s*<h(?P<level>[1-4])\b[^>]*>)(?P<words>.*)(?P<end></h(?P=level)>\s*)""", re.DOTALL)
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
_ID = re.compile(r"""\sid=["'](?P<id>[^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Lasting:
    """What a page's links that last are made of."""

    page: Page
    leads: Leads

    def with_copies(self, html: str) -> str:
        """The page with a link at each of its headings that is there to be copied."""
        return "".join(self._with_copy(block) for block in blocks(html))

    def with_former(self, html: str) -> str:
        """The page with a place for every fragment that was a section's and is none today."""
        taken = {found["id"] for found in _ID.finditer(html)}
        notes, unsure = [], self.leads.unsure(self.page.id)
        for anchor, target in sorted(self.leads.below(self.page.id).items()):
            if anchor in taken:
                continue
            if anchor in unsure:
                notes.append(self._may_be(anchor, unsure[anchor]))
            elif target and target.page == self.page.id and target.section in taken:
                html = _marked(html, target.section, anchor)
            else:
                notes.append(self._note(anchor, target))
        for anchor, others in sorted(self.leads.doubtful(self.page.id).items()):
            html = _below_heading(html, anchor, self._doubt(others))
        return _below_title(html, "".join(notes)) if notes else html

    def address(self, section: str = "") -> str:
        """The address that lasts, relative to the site's root. A page that was given no id has none but its own."""
        if not self.page.permanent:
            return f"{self.page.url}#{quote(section)}" if section else self.page.url
        return permanent_address(self.page.id, section)

    def _with_copy(self, block: Block) -> str:
        found = _HEADING.fullmatch(block.html)
        anchor = _ID.search(found["start"]) if found else None
        if found is None or not (anchor or found["level"] == "1"):
            return block.html
        words = _PERMALINK.sub("", found["words"])
        section = anchor["id"] if anchor and found["level"] != "1" else ""
        return f"{found['start']}{words}{self._copy(section, plain(words))}{found['end']}"

    def _copy(self, section: str, title: str) -> str:
        lasting = self.address(section)
        href, label = get_relative_url(lasting, self.page.url), t("link.copy.to", title=title)
        return (
            f'<a class="headerlink" href="{quoted(href)}" data-kb-copy="{quoted(lasting)}" '
            f'title="{quoted(t("link.copy"))}" aria-label="{quoted(label)}">{icon("material/link-variant")}</a>'
        )

    def _note(self, anchor: str, target: Target | None) -> str:
        said = f"<p><b>{t('link.gone')}</b> {t('link.gone.what')}</p>"
        if target:
            way = self._way(target, f' data-kb-led="{quoted(anchor)}"')
            said = f"<p><b>{t('link.moved')}</b> {t('link.moved.to')} {way}</p>"
        return f'<aside class="kb-panel kb-was" id="{quoted(anchor)}">{said}</aside>\n'

    def _may_be(self, anchor: str, targets: Sequence[Target]) -> str:
        """What to say where too little of a section is left to be sure of it: nobody is led on by a guess."""
        ways = listed([self._way(one) for one in targets])
        said = f"<p><b>{t('link.unsure')}</b> {t('link.unsure.may')} {ways}</p>"
        return f'<aside class="kb-panel kb-was" id="{quoted(anchor)}">{said}</aside>\n'

    def _doubt(self, others: Sequence[Target]) -> str:
        """What to say at a heading whose anchor another section had before: nobody can know which a link means."""
        said = t("link.doubt.gone")
        if others:
            said = f"{t('link.doubt')} {listed([self._way(one) for one in others])}"
        return f'<aside class="kb-panel kb-was kb-doubt"><p>{said}</p></aside>'

    def _way(self, target: Target, attributes: str = "") -> str:
        url = get_relative_url(self.leads.url_of(target), self.page.url)
        return f'<a href="{quoted(url)}"{attributes}>{quoted(self.leads.title_of(target))}</a>'


def _marked(html: str, section: str, anchor: str) -> str:
    """The page with another name for a section: an empty place inside of its heading."""
    place = f'<span class="kb-was" id="{quoted(anchor)}"></span>'
    heading = re.compile(rf"""<h[1-6]\b[^>]*\sid=["']{re.escape(section)}["'][^>]*>""")
    return heading.sub(lambda found: found[0] + place, html, count=1)


def _below_heading(html: str, section: str, note: str) -> str:
    heading = re.compile(rf"""<h([1-6])\b[^>]*\sid=["']{re.escape(section)}["'].*?</h\1>""", re.DOTALL)
    return heading.sub(lambda found: found[0] + note, html, count=1)


def _below_title(html: str, notes: str) -> str:
    end = html.find("</h1>")
    at = end + len("</h1>") if end >= 0 else 0
    return f"{html[:at]}\n{notes}{html[at:]}"
