"""Where a link leads, as whoever follows it with a browser finds out: by what the server answers, and nothing else."""

from __future__ import annotations

import re
from posixpath import join, normpath
from urllib.parse import unquote

from flask.testing import FlaskClient

from kb_server.words import t

MOVED_ON = {301, 302, 303, 307, 308}
_ELEMENT = r"""<(\w+)\b(?=[^>]*\sid=["']{id}["'])[^>]*>"""
_HEADING = re.compile(r"""<h([1-6])\b[^>]*?\sid=["']([^"']+)["']""")
_LED = re.compile(r"""<a\b(?=[^>]*data-kb-led)[^>]*href=["']([^"']+)["']""")


def follow(client: FlaskClient, address: str) -> tuple[str, str]:
    """What is in the way at its end ("removed", "section gone", "unknown", or ""), and the address of that end."""
    url, _, fragment = address.partition("#")
    answer = client.get(f"/{url}")
    for _ in range(5):
        if answer.status_code not in MOVED_ON:
            break
        url, _, new = answer.headers["Location"].lstrip("/").partition("#")
        fragment = new or fragment
        answer = client.get(f"/{url}")
    if answer.status_code == 404:
        return "unknown", url
    return _within(answer.text, url, unquote(fragment), is_gone=answer.status_code == 410)


def headings(html: str) -> list[str]:
    """The fragments of the headings of a page but its title, which is the first of the highest level."""
    found = _HEADING.findall(html[html.find("<article") : html.find("</article>")])
    title = next((name for level, name in found if level == "1"), "")
    return [name for _, name in found if name != title]


def _within(html: str, url: str, fragment: str, *, is_gone: bool) -> tuple[str, str]:
    found = re.search(_ELEMENT.format(id=re.escape(fragment)), html) if fragment else None
    if found and found[1] in {"aside", "li"}:
        return _noted(html[found.start() : html.index(f"</{found[1]}>", found.start())], url, fragment)
    if is_gone:
        return "removed", url
    if not fragment:
        return "", url
    if found is None:
        return "section gone", url
    if "kb-was" in found[0]:  # another name for the heading around it
        own = re.findall(r"""<h[1-6]\b[^>]*\sid=["']([^"']+)["']""", html[: found.start()])[-1]
        return "", f"{url}#{own}"
    return "", f"{url}#{fragment}"


def _noted(note: str, url: str, fragment: str) -> tuple[str, str]:
    """What a page says of a part that does not stand there any more."""
    if led := _LED.search(note):
        path, _, new = led[1].partition("#")
        target = path.lstrip("/") if path.startswith("/") else _joined(url, path)
        return "", f"{target}#{unquote(new)}" if new else target
    return ("section gone", url) if t("link.gone") in note else ("", f"{url}#{fragment}")


def _joined(url: str, path: str) -> str:
    plain = normpath(join("/", url, path)).lstrip("/")
    return f"{plain}/" if plain and path.endswith(("/", "..", ".")) else plain
