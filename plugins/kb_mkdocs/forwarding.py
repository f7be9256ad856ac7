"""Links that last on a host that only has files: a page at each of their addresses, which leads on.

The server answers these addresses by itself, so a site that is built for one has none of these pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from jinja2 import Environment, PackageLoader, Template

from kb_server.wiki.shortnames import short_names
from kb_server.words import t

from .icons import icon
from .text import quoted

if TYPE_CHECKING:
    from kb_server.pages.leading import Lead, Leads
    from kb_server.pages.manifest import Manifest

# A part of an old address stays in the browser: a script takes it along, and without one the page is only a way there.
PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
{refresh}
<link rel="canonical" href="{canonical}">
<p>{words} <a href="{target}" data-kb-led="">{title}</a></p>
<script type="module" src="{script}"></script>
</html>
"""
REFRESH = '<meta http-equiv="refresh" content="0; url={target}">'
LONGEST = 200  # bytes of a name that every file system takes
LONGEST_PATH = 2000


@dataclass(frozen=True, slots=True)
class Forwarding:
    """What the pages that lead on are made of: the site's content, where its links lead, and how a message looks.

    `script` is the address of the module that takes a fragment along, relative to the site's root.
    """

    content: Manifest
    leads: Leads
    shell: str
    script: str
    site_url: str = ""

    def write(self, site: Path) -> None:
        """Write a page at every address that leads somewhere. An address that is a page's own stays that page."""
        environment = Environment(autoescape=True, loader=PackageLoader("kb_server.pages"))
        environment.globals |= {"t": t, "icon": icon}
        shell = environment.from_string(self.shell)
        for address, lead in self.leads.every(short_names(self.content.pages)):
            url = unquote(address)
            file = _file(site, url)
            if file and not file.exists() and not any(folder.is_file() for folder in file.parents):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(self._page(url, lead, environment, shell), encoding="utf-8")

    def _page(self, url: str, lead: Lead, environment: Environment, shell: Template) -> str:
        base = "../" * url.count("/")
        common: dict[str, Any] = {"shell": shell, "kb_base": base, "kb_origin": self.site_url.rstrip("/")}
        if lead.removed:
            return environment.get_template("pages/removed.html").render(common | self.leads.ending(lead))
        if lead.sections:
            return environment.get_template("pages/led.html").render(common | {"lead": lead})
        return self._leading_on(base, lead)

    def _leading_on(self, base: str, lead: Lead) -> str:
        target, here = quoted(base + lead.url), "#" in lead.url
        refresh = REFRESH.format(target=target)
        return PAGE.format(
            language=quoted(self.content.language),
            title=quoted(lead.title),
            target=target,
            refresh=refresh if here else f"<noscript>{refresh}</noscript>",
            canonical=quoted(f"{self.site_url.rstrip('/')}/{lead.url}" if self.site_url else base + lead.url),
            words=t("link.leads_to"),
            script=quoted(base + self.script),
        )


def _file(site: Path, url: str) -> Path | None:
    """The file for an address; None for one that no file can have."""
    path = PurePosixPath(f"{url}index.html" if url.endswith("/") or not url else url)
    good = not path.is_absolute() and len(url) <= LONGEST_PATH and all(_is_name(part) for part in path.parts)
    return site / path if good and path.suffix == ".html" else None


def _is_name(part: str) -> bool:
    return part not in {".", ".."} and "\0" not in part and "\\" not in part and len(part.encode()) <= LONGEST
