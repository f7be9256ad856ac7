"""Where links lead, from any page to any other."""

from __future__ import annotations

import hashlib

import pytest

from kb_mkdocs.links import Addresses, target

PAGES = {"": "home", "a/": "a", "a/b/": "b", "a/%C3%BC%20x/": "u", "c.html": "c"}
FILES = {"a/dot.svg": b"dot", "a/ü x.svg": b"other"}


@pytest.fixture
def addresses() -> Addresses:
    return Addresses(PAGES, FILES.get)


@pytest.mark.parametrize(
    ("page", "href", "leads_to"),
    [
        ("a/b/", "/a/", "/a/"),
        ("a/b/", "/a/?x=1#y", "/a/?x=1#y"),
        ("a/b/", "https:../a/", "/../a/"),
        ("a/b/", "../?kind=role", "a#?kind=role"),
        ("a/b/", "../?kind=role#x", "a#x?kind=role"),
        ("", "a/", "a"),
        ("", "./a/", "a"),
        ("a/b/", "..", "a"),
        ("a/b/", "../", "a"),
        ("a/b/", "../..", "home"),
        ("a/b/", "../../", "home"),
        ("a/", ".", "a"),
        ("a/", "./", "a"),
        ("a/", "#x", "a#x"),
        ("a/", "b/#x", "b#x"),
        ("a/", "b/?q=1#x", "b#x?q=1"),
        ("a/", "b/index.html", "b"),
        ("a/", "../index.html", "home"),
        ("a/", "%C3%BC%20x/", "u"),
        ("a/", "ü x/", "u"),
        ("a/b/", "../../c.html#%C3%BC", "c#ü"),
        ("a/", "../price.pdf", "/price.pdf"),
        ("a/", "../../../../c.html", "c"),
        ("a/", "nowhere/#x", "/a/nowhere/#x"),
    ],
)
def test_a_link_on_the_site_is_remembered_by_page(addresses: Addresses, page: str, href: str, leads_to: str) -> None:
    assert addresses.link(page, href) == leads_to


@pytest.mark.parametrize(
    ("href", "leads_to"),
    [
        ("https://wiki.example.com/kb/", "home"),
        ("https://wiki.example.com/kb", "home"),
        ("http://WIKI.example.com/kb/a/b/?q=1#x", "b#x?q=1"),
        ("//wiki.example.com/kb/a/", "a"),
        ("https://wiki.example.com/kb/x/../c.html", "c"),
        ("https://wiki.example.com/kb/price.pdf", "/price.pdf"),
        ("https://wiki.example.com:443/kb/a/", "a"),
        ("https://wiki.example.com./kb/a/", "a"),
        ("https://wiki.example.com/kb/../elsewhere/", "/elsewhere/"),
        ("https://wiki.example.com/kbx/#y", "/kbx/#y"),
        ("https://wiki.example.com:444/kb/", None),
        ("https://wiki.example.com:x/kb/", None),
        ("https://wiki.example.com@evil.example/kb/", None),
        ("https://elsewhere.example.com/kb/a/", None),
        ("ftp://wiki.example.com/kb/a/", None),
    ],
)
@pytest.mark.parametrize("page", ["", "a/b/", "c.html"])
def test_a_full_address_of_the_wikis_own_is_remembered_by_page(page: str, href: str, leads_to: str | None) -> None:
    addresses = Addresses(PAGES, FILES.get, "https://wiki.example.com/kb/")
    assert addresses.link(page, href) == leads_to
    assert Addresses(PAGES, FILES.get).link(page, href) is None


def test_a_picture_by_its_full_address_is_known_by_its_content() -> None:
    addresses = Addresses(PAGES, FILES.get, "https://wiki.example.com")
    assert addresses.image("a/b/", "https://wiki.example.com/a/dot.svg") == hashlib.sha256(b"dot").hexdigest()


@pytest.mark.parametrize(
    "href",
    ["https://example.com/a/", "//example.com/", "mailto:a@b.example", "http://[x", "tel:1", "javascript:x"],
)
def test_a_link_that_leaves_the_site_is_none_of_ours(addresses: Addresses, href: str) -> None:
    assert addresses.link("a/", href) is None
    assert target("a/", href) is None


@pytest.mark.parametrize(
    ("source", "content"), [("dot.svg", b"dot"), ("dot.svg#only-light", b"dot"), ("%C3%BC%20x.svg", b"other")]
)
def test_a_picture_is_known_by_its_content(addresses: Addresses, source: str, content: bytes) -> None:
    assert addresses.image("a/", source) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("source", ["https://example.com/a.png", "missing.svg", "data:image/png;base64,x"])
def test_a_picture_from_elsewhere_has_no_digest(addresses: Addresses, source: str) -> None:
    assert addresses.image("a/", source) is None
